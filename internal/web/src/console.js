// What the console's pages do beside links and forms. Every page works without it,
// but for what is live.
import htmx from "htmx.org";
import { showLocally } from "./local.js";
import { watchEditor } from "./editor.js";
import { localInstant } from "./instant.js";
import { watchReport } from "./live.js";
import { watchSendForm } from "./send.js";
import { turnPages, watchSurvey } from "./survey.js";
import { offerZones } from "./zones.js";

window.htmx = htmx;

// onlyOnce keeps an impatient second click from sending a form twice.
function onlyOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 10_000); // the reader may have stopped it
  });
  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

// forgetSaid takes what was just said out of the address, so that it is not said again when
// the page is loaded again.
function forgetSaid() {
  const here = new URL(location.href);
  if (!here.searchParams.has("said")) return;
  here.searchParams.delete("said");
  here.searchParams.delete("to"); // whom it was said of
  history.replaceState(history.state, "", here);
}

function start() {
  onlyOnce();
  forgetSaid();
  showLocally(document);
  // What htmx swaps in speaks the reader's time zone before it is painted.
  document.addEventListener("htmx:after:swap", () => showLocally(document));
  const address = document.querySelector("[data-location]")?.dataset.location;
  if (address) history.replaceState(null, "", address);
  document.querySelector("[data-focus]")?.focus();
  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  for (const field of document.querySelectorAll("[data-instant]")) localInstant(field);
  const editor = document.querySelector("form[data-editor]");
  if (editor) watchEditor(editor);
  if (editor) watchSurvey(editor);
  const send = document.querySelector("form[data-send]");
  if (send) watchSendForm(send);
  const zones = document.querySelector("[data-zones]");
  if (zones) offerZones(zones);
  watchReport();
  turnPages();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
