// The editor: rows that grow, a small Markdown toolbar, and a word before work is lost.
import { uploadPicture } from "./picture.js";

export function watchEditor(form) {
  for (const set of form.querySelectorAll("[data-rows]")) growingRows(set);
  for (const bar of form.querySelectorAll("[data-toolbar]")) toolbar(bar, document.getElementById(bar.dataset.toolbar));
  for (const input of form.querySelectorAll("[data-enter]")) {
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      form.requestSubmit(form.querySelector(input.dataset.enter));
    });
  }
  for (const box of form.querySelectorAll("[data-upload]")) uploadPicture(box);
  for (const button of form.querySelectorAll("[data-asks]")) askFirst(button, document.getElementById(button.dataset.asks));
  keepUnsaved(form);
}

// askFirst has the button that the enter key presses ask before the form is sent. Without
// scripts it does nothing.
function askFirst(button, question) {
  button.disabled = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    question.showPopover();
  });
}

// growingRows adds copies of the last row, with the next number in their names.
function growingRows(set) {
  const add = set.querySelector("[data-add]");
  const rows = () => [...set.querySelectorAll("[data-row]")];
  const limit = Number(set.dataset.rows);
  // The spare row is for browsers without scripts.
  const blank = (row) => [...row.querySelectorAll("input")].every((input) => input.value === "");
  while (rows().length > Number(set.dataset.least) && blank(rows().at(-1))) rows().at(-1).remove();
  const update = () => { add.hidden = rows().length >= limit; };
  add.addEventListener("click", () => {
    const last = rows().at(-1);
    const row = last.cloneNode(true);
    const number = rows().length;
    renumber(row, number);
    last.after(row);
    row.querySelector("input").focus();
    update();
  });
  update();
}

function renumber(row, number) {
  for (const input of row.querySelectorAll("input")) {
    const label = row.querySelector(`label[for="${input.id}"]`);
    // The last number of the name is the row's: content.questions[0].options[2].
    input.name = input.name.replace(/\[\d+\](?!.*\[\d+\])/, `[${number}]`);
    input.id = `f-${input.name.replaceAll(/[.[]/g, "-").replaceAll("]", "")}`;
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    if (label) {
      label.htmlFor = input.id;
      label.textContent = label.textContent.replace(/\d+/, number + 1);
    }
  }
  for (const fault of row.querySelectorAll(".fault")) fault.remove();
}

function toolbar(bar, area) {
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    area.focus();
    const { wrap, link, line, insert } = button.dataset;
    if (wrap) surround(area, wrap, wrap);
    else if (link) surround(area, "[", "](https://)", link);
    else if (line) beginLines(area, line);
    else if (insert) replace(area, insert);
  });
  area.addEventListener("keydown", (event) => {
    const wrap = { b: "**", i: "_" }[event.key];
    if (!wrap || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    surround(area, wrap, wrap);
  });
}

const selected = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

function surround(area, before, after, standIn = "") {
  const text = selected(area) || standIn;
  const start = area.selectionStart + before.length;
  replace(area, before + text + after);
  area.setSelectionRange(start, start + text.length);
}

function beginLines(area, mark) {
  area.selectionStart = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  replace(area, selected(area).split("\n").map((l) => mark + l).join("\n"));
}

// replace writes over the selection so that the browser's undo knows of it.
function replace(area, text) {
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

// keepUnsaved asks before unsaved work is left. A page that came back because it could not be
// saved holds such work from the start.
function keepUnsaved(form) {
  const status = form.querySelector("[data-dirty]");
  const saved = status.textContent;
  let dirty = "unsaved" in form.dataset;
  const show = () => { status.textContent = dirty ? status.dataset.dirty : saved; };
  form.addEventListener("input", (event) => {
    if (["email", "as"].includes(event.target.name)) return;
    dirty = true;
    show();
  });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  show();
}
