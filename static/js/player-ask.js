// Asking while watching: the moment follows the film, and the film goes on while the form is sent.
import { clock } from "./player-bar.js";

async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  return [answer.ok, await answer.json()];
}

export function ask(page, video) {
  const form = page.querySelector("[data-ask]");
  const at = form?.querySelector("[data-now]");
  let typed = false;
  at?.addEventListener("input", () => { typed = true; });
  // The moment is where one began to write.
  form?.querySelector("textarea").addEventListener("focus", () => { if (!typed) at.value = clock(video.currentTime); });
  page.querySelector("[data-ask-fold]")?.addEventListener("toggle", () => { if (!typed) at.value = clock(video.currentTime); });

  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [refused, said] = [form.querySelector("[data-refused]"), page.querySelector("[data-said]")];
    const [ok, told] = await send(form).catch(() => [false, null]);
    if (told === null) { form.submit(); return; }
    refused.hidden = ok;
    said.hidden = !ok;
    (ok ? said : refused).textContent = ok ? told.said : told.message;
    if (!ok) return;
    form.querySelector("textarea").value = "";
    form.elements.cid.value = told.cid;
    typed = false;
  });

  page.addEventListener("submit", async (event) => {
    const also = event.target.closest("[data-also] form");
    if (!also) return;
    event.preventDefault();
    const [ok, told] = await send(also).catch(() => [false, null]);
    if (!ok) { also.submit(); return; }
    const button = also.querySelector("button");
    button.setAttribute("aria-pressed", String(told.on));
    also.elements.on.value = told.on ? "" : "1";
    button.querySelector("[data-n]").textContent = String(told.n);
  });
}
