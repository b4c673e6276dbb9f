// A moment that is stored in UTC and chosen in the reader's zone. Without this script the
// field is in UTC, and says so.
export function localInstant(field) {
  const local = field.querySelector("input[type=datetime-local]");
  const utc = field.querySelector("input[type=hidden]");
  const tell = () => {
    const at = new Date(local.value);
    utc.value = local.value && !Number.isNaN(at.getTime()) ? at.toISOString() : "";
  };
  if (local.value) {
    const at = new Date(`${local.value}Z`);
    const here = new Date(at.getTime() - at.getTimezoneOffset() * 60000);
    local.defaultValue = local.value = here.toISOString().slice(0, 16);
  }
  for (const zone of field.querySelectorAll("[data-zone]")) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
  local.addEventListener("input", tell);
  tell();
}
