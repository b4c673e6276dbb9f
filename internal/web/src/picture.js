// A picture is uploaded as soon as it is chosen, and its address filled in.
export function uploadPicture(box) {
  const file = box.querySelector("input[type=file]");
  const address = file.form.elements[box.dataset.into];
  const status = box.querySelector("[role=status]");
  const hint = status.textContent;

  box.querySelector("button").hidden = true;

  const explain = (text) => {
    const place = box.querySelector("[data-fault]");
    status.textContent = hint;
    place.replaceChildren();
    file.removeAttribute("aria-invalid");
    file.removeAttribute("aria-describedby");
    if (!text) return;
    const fault = box.querySelector("template").content.firstElementChild.cloneNode(true);
    fault.querySelector("span").textContent = text;
    place.append(fault);
    file.setAttribute("aria-invalid", "true");
    file.setAttribute("aria-describedby", fault.id);
  };

  const send = async (chosen) => {
    if (chosen.size > Number(box.dataset.most)) return explain(box.dataset.big);
    const form = new FormData();
    form.set("token", file.form.elements.token.value);
    form.set(file.name, chosen);
    status.textContent = box.dataset.busy;
    try {
      const reply = await fetch(box.dataset.upload, { method: "POST", body: form, headers: { "HX-Request": "true" } });
      if (reply.status === 401) return explain(box.dataset.ended);
      const answer = await reply.json();
      if (!answer.url) return explain(answer.fault);
      address.value = answer.url;
      address.dispatchEvent(new Event("input", { bubbles: true }));
      status.textContent = box.dataset.done;
      file.value = ""; // it is not sent again with the form
    } catch {
      explain(box.dataset.failed);
    }
  };

  file.addEventListener("change", async () => {
    explain("");
    if (file.files.length === 0) return;
    file.disabled = true;
    await send(file.files[0]);
    file.disabled = false;
  });
}
