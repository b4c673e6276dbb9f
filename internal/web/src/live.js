// The report while it is sent. A stream brings its live part whenever it changed; until it
// speaks, and when it fails, the part is asked for every two seconds instead.
import htmx from "htmx.org";

const every = 2000;
let source, polling, soon;

const part = () => document.querySelector("#live[data-events]");

export function watchReport() {
  if (!part()) return;
  open();
  // A browser has few connections to a host: pages that nobody looks at give theirs back.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
}

function open() {
  if (source || !part() || document.hidden) return;
  poll();
  source = new EventSource(part().dataset.events);
  source.addEventListener("report", (event) => {
    stopPolling();
    htmx.swap({ text: event.data, target: part(), sourceElement: part(), swap: "outerMorph" }).then(showPeople);
  });
  source.addEventListener("end", close);
  source.addEventListener("error", poll);
}

function close() {
  source?.close();
  source = undefined;
  stopPolling();
}

function poll() {
  polling ??= setInterval(() => {
    if (!part()) return close();
    htmx.trigger(part(), "poll");
    showPeople();
  }, every);
}

function stopPolling() {
  clearInterval(polling);
  polling = undefined;
}

// showPeople asks for the rows below anew, a moment after what changed.
function showPeople() {
  soon ??= setTimeout(() => {
    soon = undefined;
    const rows = document.querySelector("#people-rows[hx-get]");
    if (rows) htmx.trigger(rows, "news");
  }, every);
}
