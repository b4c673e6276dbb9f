// The review's form: a start in the browser's own time zone.
export function watchSendForm(form) {
  const local = form.querySelector("[data-local]");
  const utc = form.querySelector("[data-utc]");
  const convert = () => {
    const at = new Date(local.value);
    utc.value = Number.isNaN(at.getTime()) ? "" : at.toISOString();
  };
  form.querySelector("[data-zone]").textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
  local.addEventListener("input", convert);
  form.addEventListener("submit", convert);
  convert();
}
