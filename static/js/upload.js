// The page of a recording without its file: choose it, send it, wait for what the check says. Nothing typed beside it is lost.
import { Job } from "./upload-job.js";

const box = document.querySelector("[data-upload]");
let job = null;
let typed = false;

// The check is done when the recording is no longer "verifying": the page then says what came of it.
async function wait() {
  try {
    const answer = await fetch(box.dataset.state, { headers: { Accept: "application/json" } });
    if (answer.ok && (await answer.json()).state !== "verifying") {
      if (!typed) location.reload();
      else box.querySelector("[data-checked]").hidden = false;
      return;
    }
  } catch { /* the line is down: ask again */ }
  setTimeout(wait, 2000);
}

function take(files) {
  if (!files.length) return;
  box.querySelector("[data-drop]").hidden = true;
  box.querySelector("[data-half]")?.remove();
  job = new Job(box, files[0], wait);
}

function offer() {
  const drop = box.querySelector("[data-drop]");
  if (!drop || !globalThis.tus?.isSupported) return;
  const input = drop.querySelector("input[type=file]");
  drop.querySelector("[data-plain]").hidden = true;
  drop.addEventListener("submit", (event) => event.preventDefault());
  const chosen = () => { const files = [...input.files]; input.value = ""; take(files); };
  input.addEventListener("change", chosen);
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      if (name === "drop") take([...event.dataTransfer.files]);
    });
  }
  chosen(); // on a slow line a file is chosen before this script is here
}

// While a file is on its way a form of this page is sent beside it: leaving would stop the file.
async function save(form, button) {
  const body = new FormData(form, button);
  let kept = false;
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    kept = answer.type === "opaqueredirect";
  } catch { /* the line is down */ }
  if (kept) typed = false;
  form.querySelector("[data-said]")?.remove();
  const said = box.querySelector(kept ? "template[data-saved]" : "template[data-unsaved]").content.cloneNode(true);
  form.append(said);
}

// Once the document is read, so that the library below this module is there.
addEventListener("DOMContentLoaded", () => {
  if (box?.dataset.waiting !== undefined) wait();
  else if (box) offer();
});
addEventListener("input", (event) => { if (box && !box.contains(event.target)) typed = true; });
addEventListener("submit", (event) => {
  if (!job?.running || event.target.method !== "post" || box.contains(event.target)) return;
  event.preventDefault();
  save(event.target, event.submitter);
});
addEventListener("online", () => { if (job?.state === "offline") job.go(); });
addEventListener("beforeunload", (event) => { if (job?.running) event.preventDefault(); });
