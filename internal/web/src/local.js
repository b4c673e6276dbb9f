// Times and languages as the reader says them.
const page = document.documentElement.lang;
// The reader's own region, where it speaks the page's language: 14:30 or 2:30 PM.
const language = navigator.languages.find((tag) => tag.split("-")[0] === page) ?? page;

function format(date) {
  const options = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  const now = new Date(); // a page may stay open over midnight
  if (date.toDateString() !== now.toDateString()) Object.assign(options, { day: "numeric", month: "short" });
  if (date > now && options.day) options.weekday = "short";
  if (date.getFullYear() !== now.getFullYear()) options.year = "numeric";
  return new Intl.DateTimeFormat(language, options).format(date);
}

// showLocally turns the UTC times under a node into the reader's zone, which is named.
export function showLocally(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    const text = Number.isNaN(date.getTime()) ? time.textContent : format(date);
    if (time.textContent !== text) time.textContent = text;
  }
  for (const span of root.querySelectorAll("[data-locale]")) {
    try {
      span.textContent = new Intl.DisplayNames(language, { type: "language" }).of(span.dataset.locale);
    } catch {
      // A tag that is none stays as it is.
    }
  }
}
