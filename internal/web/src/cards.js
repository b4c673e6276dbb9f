// Messages as Teams shows them: cards by the official renderer, words by their Markdown.
import { AdaptiveCard, HostConfig, OpenUrlAction, SerializationContext } from "adaptivecards";
import MarkdownIt from "markdown-it";
import { hostConfig } from "./hostconfig.js";

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true });

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

export const adaptiveType = "application/vnd.microsoft.card.adaptive";

// cardIn is the Adaptive Card of an activity, if it has one.
export function cardIn(activity) {
  return activity.attachments?.find((a) => a.contentType === adaptiveType)?.content;
}

export function element(name, text) {
  const e = document.createElement(name);
  e.textContent = text;
  return e;
}

export function drawText(text) {
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

export function follow(address) {
  if (/^https?:/i.test(address)) window.open(address, "_blank", "noopener,noreferrer");
}

// What the renderer says against a card when it reads and when it checks it.
function complaintsOf(card, context) {
  const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i));
  return [...events, ...card.validateProperties().validationEvents].map((event) => event.message);
}

// drawCard draws a card. Links are followed; press is told of any other button, whose data has
// what was filled in beside it.
export function drawCard(content, scheme, press) {
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(hostConfig(scheme));
  const context = new SerializationContext();
  // The renderer keeps one global pattern for "lang", which goes on from its last match.
  AdaptiveCard.langProperty.regEx.lastIndex = 0;
  card.parse(content, context);
  card.onExecuteAction = (action) => {
    if (action instanceof OpenUrlAction) follow(action.url);
    else press(action);
  };
  card.onAnchorClicked = (_, anchor) => {
    outside(anchor);
    return false;
  };
  const complaints = complaintsOf(card, context);
  return { element: card.render(), complaints };
}
