// The survey designer: its buttons draw the questions anew on the server.
import { uploadPicture } from "./picture.js";

// watchSurvey takes note of a redrawn survey as of something typed, and lets the enter key
// in an answer add another.
export function watchSurvey(form) {
  document.addEventListener("htmx:after:swap", () => {
    const questions = form.querySelector("[data-questions]");
    if (!questions || questions.dataset.questions === "known") return;
    questions.dataset.questions = "known";
    for (const box of questions.querySelectorAll("[data-upload]")) uploadPicture(box);
    questions.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
  });
  const questions = form.querySelector("[data-questions]");
  if (questions) questions.dataset.questions = "known";
  form.addEventListener("keydown", (event) => {
    const more = event.target.matches(".option input") && event.target.closest(".for-options").querySelector("[value^='add-option']");
    if (event.key !== "Enter" || !more) return;
    event.preventDefault();
    more.click();
  });
}

// turnPages lets the arrow keys lead to the person before and after.
export function turnPages() {
  document.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea, summary, [contenteditable]")) return;
    document.querySelector(`.turn a[rel="${way}"]`)?.click();
  });
}
