// Asking: the sheet at the foot of the page, the draft that is never lost, and the outbox.
import { newCid } from "./live.js";
import { drop, keep, kept } from "./outbox.js";
import { startMemory } from "./room-memory.js";
import { startPicture } from "./room-picture.js";

const PAUSE = 1500;

export function startCompose({ live, room, writer, shown, vote }) {
  const form = document.querySelector("[data-compose]");
  const body = form.querySelector("textarea");
  const left = form.querySelector("[data-left]");
  const error = form.querySelector("[data-compose-error]");
  const draftKey = `draft:${room}:${writer}`;
  const letters = new Map();
  const pictures = startPicture(form);

  const open = (yes) => {
    form.classList.toggle("is-open", yes);
    form.querySelector("[data-open-compose]").setAttribute("aria-expanded", yes);
    if (yes) body.focus({ preventScroll: true });
  };

  const refuse = (text) => {
    error.hidden = !text;
    error.querySelector("span").textContent = text;
  };

  const count = () => {
    const over = Number(left.dataset.limit) - body.value.length;
    left.textContent = over;
    left.closest(".counter").classList.toggle("is-over", over < 0);
    left.closest(".counter").hidden = body.value.length < Number(left.dataset.soft);
  };

  const visible = () => {
    const chosen = form.elements.vis.selectedOptions[0];
    form.querySelector("[data-vis-now]").textContent = chosen.textContent;
  };

  async function post(letter) {
    letters.set(letter.cid, letter);
    shown([...letters.values()]);
    const { cid, body: text, vis } = letter;
    const asked = { cid, body: text, vis, ...(letter.picture && { picture: 1 }) };
    let answer = letter.picture ? await pictures.send(live, letter) : { ok: true };
    if (answer.ok) answer = await live.send("question:ask", asked);
    for (; !answer.ok && answer.err === "rate"; answer = await live.send("question:ask", asked)) {
      await new Promise((done) => { setTimeout(done, answer.retry_ms + Math.random() * PAUSE); });
    }
    letters.delete(cid);
    if (!answer.ok && body.value.trim()) {
      letters.set(cid, { ...letter, why: answer.msg }); // the sheet is in use: it stays in the list, and in the outbox
    } else {
      if (answer.ok) live.note({ ...answer.r, cid });
      else giveBack(letter, answer.msg);
      await drop(cid);
    }
    shown([...letters.values()]);
  }

  // Refused: the words come back into the sheet with the reason.
  function giveBack(letter, why) {
    body.value = letter.body;
    localStorage.setItem(draftKey, letter.body);
    form.elements.vis.value = letter.vis;
    pictures.giveBack(letter);
    count();
    open(true);
    refuse(why);
  }

  form.addEventListener("submit", async (event) => {
    if (!live.ever && navigator.onLine) return; // no socket here: the plain form does it
    event.preventDefault();
    if (!body.value.trim()) return body.focus();
    const letter = { cid: newCid(), room, writer, body: body.value, vis: form.elements.vis.value, at: Date.now() };
    body.value = "";
    Object.assign(letter, await pictures.take());
    await keep(letter);
    localStorage.removeItem(draftKey);
    refuse("");
    count();
    open(false);
    location.hash = "mine";
    post(letter);
  });

  form.querySelector("[data-open-compose]").addEventListener("click", (event) => {
    event.preventDefault();
    open(true);
  });
  form.querySelector("[data-shut]").addEventListener("click", (event) => {
    event.preventDefault();
    open(false);
    form.querySelector("[data-open-compose]").focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") form.querySelector("[data-shut]").click();
  });
  body.addEventListener("input", () => {
    localStorage.setItem(draftKey, body.value);
    count();
  });
  form.elements.vis.addEventListener("change", visible);
  document.addEventListener("click", (event) => {
    const again = event.target.closest("[data-again]");
    if (!again) return;
    event.preventDefault();
    const row = again.closest("[data-q]");
    body.value = row.querySelector("[data-text]").textContent;
    if (letters.delete(row.dataset.q)) drop(row.dataset.q).then(() => shown([...letters.values()]));
    count();
    open(true);
  });

  startMemory({
    live,
    form,
    vote,
    done() {
      body.value = "";
      localStorage.removeItem(draftKey);
      count();
      open(false);
    },
  });
  if (form.querySelector("[data-dictation]")) import("./dictation.js").then(({ dictation }) => dictation(form));
  if (!body.value) body.value = localStorage.getItem(draftKey) || "";
  count();
  visible();
  kept(room, writer).then((found) => { for (const letter of found) post(letter); });
  return { open };
}
