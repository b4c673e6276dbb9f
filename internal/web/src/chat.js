// A simulated person's chat with the bot: what came, and what they do with it.
import { adaptiveType, cardIn, drawCard, drawText, element, follow } from "./cards.js";

const every = 1500;
const heroType = "application/vnd.microsoft.card.hero";
const faces = { like: "👍", heart: "❤️", laugh: "😆", surprised: "😮", sad: "😢", angry: "😠" };
const offered = ["like", "heart", "laugh"];

export class Chat {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("[data-messages]");
    this.said = root.querySelector("[data-said]");
    this.shown = []; // each message as it was drawn
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.look(dark.matches));
    this.look(dark.matches);
    const form = root.querySelector("[data-say]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const text = form.elements.text.value.trim();
      if (text) this.say(text);
      form.elements.text.value = "";
    });
    this.refresh();
    setInterval(() => document.hidden || this.refresh(), every);
  }

  look(dark) {
    this.scheme = dark ? "dark" : "light";
    this.list.dataset.look = this.scheme;
    this.shown = [];
    this.refresh();
  }

  async refresh() {
    const answer = await this.ask("/chat");
    if (Array.isArray(answer)) this.draw(answer);
  }

  // ask answers what came of a request; nothing when that is said already.
  async ask(path, fields) {
    const post = fields && { method: "POST", body: new URLSearchParams({ token: this.root.dataset.token, ...fields }) };
    try {
      const reply = await fetch(this.root.dataset.chat + path, { ...post, headers: { "HX-Request": "true" } });
      if (reply.status === 401) this.tell(this.root.dataset.ended);
      else if (!reply.ok) this.tell(this.root.dataset.failed);
      else return await reply.json();
    } catch {
      this.tell(this.root.dataset.failed);
    }
    return undefined;
  }

  tell(words) {
    this.said.textContent = words;
  }

  async say(text) {
    this.tell("");
    const answer = await this.ask("/say", { text });
    if (answer) this.draw(answer);
  }

  async press(message, kind, verb, data) {
    this.tell("");
    const answer = await this.ask("/press", { message, kind, verb: verb ?? "", data: JSON.stringify(data ?? {}) });
    if (answer?.said) this.tell(answer.said);
    await this.refresh();
  }

  // draw draws what is new or has changed, and leaves alone what somebody may be filling in.
  draw(messages) {
    const texts = messages.map((m) => JSON.stringify(m));
    if (texts.length > 0 && texts.every((text, i) => text === this.shown[i]) && texts.length === this.shown.length) return;
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    if (messages.length === 0) return;
    const items = messages.map((m, i) => (texts[i] === this.shown[i] ? this.list.children[i] : this.item(m)));
    const first = this.shown.length === 0;
    this.list.replaceChildren(...items);
    this.shown = texts;
    if (first || atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  item(m) {
    const item = document.createElement("li");
    item.classList.toggle("mine", Boolean(m.mine));
    item.append(...this.parts(m));
    const foot = element("p", new Date(m.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
    foot.className = "chat-foot";
    if (m.edited) foot.append(" · ", this.root.dataset.edited);
    if (!m.mine && m.activity) foot.append(...this.reactions(m));
    item.append(foot);
    return item;
  }

  parts(m) {
    if (m.card) return [this.card(m, m.card)];
    if (!m.activity) return [drawText(m.text ?? "")];
    const parts = m.activity.text ? [drawText(m.activity.text)] : [];
    const card = cardIn(m.activity);
    if (card) parts.push(this.card(m, card));
    for (const a of m.activity.attachments ?? []) {
      if (a.contentType === heroType) parts.push(this.hero(a.content));
      else if (a.contentType !== adaptiveType) parts.push(drawText(m.text ?? ""));
    }
    return parts.length > 0 ? parts : [drawText(m.text ?? "")];
  }

  card(m, content) {
    const frame = document.createElement("div");
    frame.className = "drawing is-card";
    frame.append(drawCard(content, this.scheme, (action) => this.press(m.id, action.getJsonTypeName(), action.verb, action.data)).element);
    return frame;
  }

  hero(content) {
    const frame = document.createElement("div");
    frame.className = "words";
    if (content.title) frame.append(element("strong", content.title));
    for (const image of content.images ?? []) frame.append(Object.assign(new Image(), { src: image.url, alt: image.alt ?? "" }));
    if (content.text) frame.append(drawText(content.text));
    for (const b of content.buttons ?? []) {
      const button = element("button", b.title);
      button.type = "button";
      button.addEventListener("click", () => (b.type === "openUrl" ? follow(b.value) : this.say(b.value)));
      frame.append(button);
    }
    return frame;
  }

  reactions(m) {
    const mine = m.reactions ?? [];
    return [...new Set([...mine, ...offered])].map((name) => {
      const button = element("button", faces[name] ?? name);
      button.type = "button";
      button.className = "subtle reaction";
      button.title = name;
      button.setAttribute("aria-label", name);
      button.setAttribute("aria-pressed", String(mine.includes(name)));
      button.addEventListener("click", () => this.press(m.id, "reaction", name));
      return button;
    });
  }
}
