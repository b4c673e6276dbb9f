// What people will get, drawn by the official renderer from the very activity.
import { cardIn, drawCard, drawText, element } from "./cards.js";
import { Chat } from "./chat.js";

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

  // press goes on in a survey as its person would; nothing is kept, and other buttons do nothing.
  press(action) {
    if (!action.data?.verb) return;
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
    const card = cardIn(activity);
    try {
      const drawn = card ? drawCard(card, this.scheme, (action) => this.press(action)) : { element: drawText(activity.text ?? ""), complaints: [] };
      this.drawing.replaceChildren(drawn.element);
      this.drawing.dataset.complaints = drawn.complaints.join("\n");
      this.drawing.classList.toggle("is-card", Boolean(card));
    } catch {
      this.explain("", [this.root.dataset.failed]);
    }
  }
}

for (const root of document.querySelectorAll("[data-preview]")) new Preview(root);
for (const root of document.querySelectorAll("[data-chat]")) new Chat(root);
