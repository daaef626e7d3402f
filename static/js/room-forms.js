// Every act of a room is a form that also works without script. Connected, it goes as a command instead.
import { fieldsOf, newCid } from "./live.js";

// ACTS maps what a button or form names (data-command) to a command of LIVE; REFUSED(form, answer) shows why not.
export function takeForms(live, { refused, done }) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const { submitter } = event;
    const command = submitter?.dataset.command || form.dataset.command;
    if (!command || !live.ever) return; // never connected: the plain form does it
    event.preventDefault();
    if (form.dataset.sending || form.dataset.resting) return;
    form.dataset.sending = "1";
    submitter?.setAttribute("aria-busy", "true");
    const fields = fieldsOf(form, submitter);
    // A button may stand for an act of its own (?op=dismiss) with a reason in the host's words.
    const op = submitter?.hasAttribute("formaction") && new URL(submitter.formAction).searchParams.get("op");
    if (op) Object.assign(fields, { op, reason: fields.reason || fields.other || "" });
    delete fields.other;
    const qid = (submitter?.closest("[data-q]") || form.closest("[data-q]") || form).dataset.q;
    if (qid && !form.hasAttribute("data-alone")) fields.qid = qid;
    // A cid belongs to what was written: another text after a refusal is another command.
    const told = JSON.stringify({ ...fields, cid: undefined });
    if (form.dataset.told !== told) Object.assign(form.dataset, { told, cid: newCid() });
    // What sets a value needs no cid: doing it twice is doing it once.
    const set = form.hasAttribute("data-set") || submitter?.hasAttribute("data-set");
    const answer = await live.send(command, set ? fields : { ...fields, cid: form.dataset.cid });
    delete form.dataset.sending;
    submitter?.removeAttribute("aria-busy");
    if (answer.ok) {
      delete form.dataset.told;
      showError(form, "");
      done?.(form, answer, command);
    } else {
      refused(form, answer, command);
    }
  });
}

export function showError(form, text) {
  const error = form?.querySelector("[data-error]");
  if (!error) return false;
  error.hidden = !text;
  error.querySelector("span").textContent = text;
  return true;
}

// A sentence from the room that floats for a while; the same place for all of them.
let timer = null;
export function toast(text) {
  const place = document.querySelector("[data-toast-place]");
  if (!place) return;
  place.hidden = !text;
  place.querySelector("span").textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => { place.hidden = true; }, 7000);
}

export function showNet(state) {
  const bar = document.querySelector("[data-net]");
  clearTimeout(showNet.timer);
  const show = () => {
    bar.hidden = state === "on";
    for (const text of bar.querySelectorAll("[data-net-says]")) text.hidden = text.dataset.netSays !== state;
  };
  // A hiccup of three seconds is nobody's business.
  if (state === "off" && navigator.onLine) showNet.timer = setTimeout(show, 3000);
  else show();
}
