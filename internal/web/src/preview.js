// What people will get, drawn by the official renderer from the very activity.
import { AdaptiveCard, HostConfig, OpenUrlAction, SerializationContext } from "adaptivecards";
import MarkdownIt from "markdown-it";
import { hostConfig } from "./hostconfig.js";

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true });

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

class Preview {
  constructor(root) {
    this.root = root;
    this.drawing = root.querySelector("[data-drawing]");
    this.faults = root.querySelector("[data-faults]");
    this.form = root.dataset.form ? document.querySelector(root.dataset.form) : null;
    this.pressed = []; // the buttons of a survey's cards, from its beginning
    this.restart = root.querySelector("[data-restart]");
    this.restart?.addEventListener("click", () => this.rehearse([]));
    this.watchTools();
    if (root.dataset.activity) this.draw(JSON.parse(root.dataset.activity));
    if (this.form) this.watchForm();
  }

  watchTools() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    for (const button of this.root.querySelectorAll("[data-scheme]")) {
      button.addEventListener("click", () => this.setScheme(button.dataset.scheme));
    }
    const phone = this.root.querySelector("[data-phone]");
    phone.addEventListener("click", () => {
      const narrow = this.root.toggleAttribute("data-narrow");
      phone.setAttribute("aria-pressed", String(narrow));
    });
    this.setScheme(dark ? "dark" : "light");
  }

  setScheme(scheme) {
    this.scheme = scheme;
    this.root.querySelector("[data-stage]").dataset.look = scheme;
    for (const button of this.root.querySelectorAll("[data-scheme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.scheme === scheme));
    }
    if (this.activity) this.draw(this.activity);
  }

  watchForm() {
    let timer;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.ask(), 300);
    };
    // Fields may stand outside the form and belong to it all the same.
    document.addEventListener("input", (event) => { if (event.target.form === this.form) soon(); });
    this.ask();
  }

  // press goes on in a survey as its person would; nothing is kept.
  press(action) {
    const type = "Action.Execute";
    this.rehearse([...this.pressed, { action: { type, verb: action.data.verb, data: action.data } }]);
  }

  rehearse(pressed) {
    this.pressed = pressed;
    this.restart.hidden = pressed.length === 0;
    this.ask();
  }

  async ask() {
    this.pending?.abort();
    this.pending = new AbortController();
    const body = new URLSearchParams(this.form ? new FormData(this.form) : { token: this.root.dataset.token });
    if (this.pressed.length > 0) body.set("pressed", JSON.stringify(this.pressed));
    try {
      const reply = await fetch(this.form ? "/preview" : this.root.dataset.rehearse, {
        method: "POST",
        body,
        headers: { "HX-Request": "true" },
        signal: this.pending.signal,
      });
      if (reply.status === 401) return this.explain("", [this.root.dataset.ended]);
      const answer = await reply.json();
      if (answer.activity) {
        this.list("", answer.notes ?? []);
        this.root.removeAttribute("data-old");
        this.draw(answer.activity);
      } else {
        this.explain(this.root.dataset.wait, answer.faults);
      }
    } catch (error) {
      if (error.name !== "AbortError") this.explain("", [this.root.dataset.failed]);
    }
  }

  explain(lead, faults) {
    this.root.toggleAttribute("data-old", faults.length > 0);
    this.list(lead, faults);
  }

  // list shows sentences below the drawing: what is wrong, or what people will see otherwise.
  list(lead, sentences) {
    const list = document.createElement("ul");
    for (const sentence of new Set(sentences)) list.append(element("li", sentence));
    this.faults.replaceChildren(...(sentences.length === 0 ? [] : lead ? [element("p", lead), list] : [list]));
  }

  draw(activity) {
    this.activity = activity;
    const card = activity.attachments?.find((a) => a.contentType === "application/vnd.microsoft.card.adaptive");
    try {
      const drawn = card ? drawCard(card.content, this.scheme, (action) => this.press(action)) : { element: drawText(activity.text ?? ""), complaints: [] };
      this.drawing.replaceChildren(drawn.element);
      this.drawing.dataset.complaints = drawn.complaints.join("\n");
      this.drawing.classList.toggle("is-card", Boolean(card));
    } catch {
      this.explain("", [this.root.dataset.failed]);
    }
  }
}

function element(name, text) {
  const e = document.createElement(name);
  e.textContent = text;
  return e;
}

function drawText(text) {
  const bubble = document.createElement("div");
  bubble.className = "words";
  bubble.innerHTML = markdown.render(text); // html is off: tags come out as words
  for (const link of bubble.querySelectorAll("a")) outside(link);
  return bubble;
}

function outside(link) {
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}

// What the renderer says against a card when it reads and when it checks it.
function complaintsOf(card, context) {
  const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i));
  return [...events, ...card.validateProperties().validationEvents].map((event) => event.message);
}

function drawCard(content, scheme, press) {
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(hostConfig(scheme));
  const context = new SerializationContext();
  // The renderer keeps one global pattern for "lang", which goes on from its last match.
  AdaptiveCard.langProperty.regEx.lastIndex = 0;
  card.parse(content, context);
  // Nothing is answered from a preview; links may be tried, and a survey gone through.
  card.onExecuteAction = (action) => {
    if (action instanceof OpenUrlAction && /^https?:/i.test(action.url)) window.open(action.url, "_blank", "noopener,noreferrer");
    else if (action.data?.verb) press(action);
  };
  card.onAnchorClicked = (_, anchor) => {
    outside(anchor);
    return false;
  };
  const complaints = complaintsOf(card, context);
  return { element: card.render(), complaints };
}

for (const root of document.querySelectorAll("[data-preview]")) new Preview(root);
