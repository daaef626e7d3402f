// Beside the questions, on the console: hands, pulse, announcements, backstage notes, the projector.
import { setHidden, setText } from "./room-draw.js";
import { clockOf } from "./room-life-clock.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const rowOf = (name) => $(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
const bar = $("[data-note-bar]");
const DELAY = 2; // seconds; the server is the judge (services/screens.py)

function drawHands({ hands }) {
  const list = $("[data-hands-list]");
  const known = new Map([...list.children].map((row) => [row.dataset.hand, row]));
  const raised = hands.who.filter(([no]) => no === hands.called || hands.up.includes(no));
  raised.sort((a, b) => (b[0] === hands.called) - (a[0] === hands.called) || a[0] - b[0]);
  list.replaceChildren(...raised.map(([no, name]) => {
    const row = known.get(String(no)) || rowOf("hand-row");
    row.dataset.hand = no;
    setText(row, "[data-hand-name]", name);
    setHidden(row, "[data-hand-called]", no !== hands.called);
    setHidden(row, "[data-hand-call]", no === hands.called);
    for (const field of $$("[data-hand-no]", row)) field.value = no;
    return row;
  }));
  setText(document, "[data-hands-count]", raised.length);
  setHidden(document, "[data-hands-none]", raised.length > 0);
  if (raised.length && !known.size) $("[data-hands-fold]").open = true;
}

function drawPulse({ shares, check }) {
  const state = check?.state || "none";
  for (const part of $$("[data-check-when]")) part.hidden = !part.dataset.checkWhen.split(" ").includes(state);
  if (!shares) return;
  const all = shares.clear + shares.fast + shares.lost || 1;
  let from = 0;
  for (const level of ["clear", "fast", "lost"]) {
    setText(document, `[data-share="${level}"]`, shares[level]);
    const rect = $(`[data-bar="${level}"]`);
    rect.setAttribute("x", from);
    rect.setAttribute("width", (100 * shares[level]) / all);
    from += (100 * shares[level]) / all;
  }
}

function drawSaid({ announcements }) {
  setText(document, "[data-said-count]", announcements.size);
  $("[data-said-list]").replaceChildren(...[...announcements.values()].reverse().map((said) => {
    const row = rowOf("said-row");
    row.dataset.said = said.id;
    setText(row, "[data-said-body]", said.body);
    const form = $("form", row);
    form.setAttribute("action", form.getAttribute("action").replace(/announcements\/[^/]+/, `announcements/${said.id}`));
    form.elements.aid.value = said.id;
    return row;
  }));
}

function receipts(note, words) {
  return words.replace("{names}", note.reads.map((seen) => `${seen.who} ${clockOf(seen.at)}`).join(", "));
}

function drawNotes({ notes }) {
  const all = [...notes.values()].reverse();
  const { me } = bar.dataset;
  setText(document, "[data-notes-count]", all.length);
  $("[data-notes]").replaceChildren(...all.map((note) => {
    const row = rowOf("note-row");
    setText(row, "[data-note-by]", note.by);
    setText(row, "[data-note-body]", note.body);
    const read = $("[data-note-reads]", row);
    read.hidden = !note.reads.length;
    read.textContent = receipts(note, read.dataset.readBy);
    return row;
  }));
  const unread = all.find((note) => note.from !== me && !note.reads.some((seen) => seen.from === me));
  bar.hidden = !unread;
  if (!unread) return;
  setText(bar, "[data-note-by]", unread.by);
  setText(bar, "[data-note-body]", unread.body);
  setText(bar, "[data-note-at]", clockOf(unread.at));
  $("[data-note-form]").elements.nid.value = unread.id;
}

function drawScreen({ screen }) {
  for (const button of $$("[data-lies]")) {
    const on = screen[button.dataset.lies];
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? 0 : 1;
  }
}

// «Goes up in 2 s»: as long as it can still be stopped unseen.
let going = null;
function countDown(now, before) {
  const place = $("[data-going]");
  clearInterval(going);
  place.textContent = "";
  if (!now || now === before) return;
  let left = DELAY;
  const tell = () => {
    place.textContent = left > 0 ? place.dataset.says.replace("{n}", left) : "";
    if (left <= 0) clearInterval(going);
    left -= 1;
  };
  tell();
  going = setInterval(tell, 1000);
}

// The question that was answered before the one on the screen.
function drawPrevious(room) {
  const done = [...room.questions.values()].filter((q) => q.state === "answered" && q.to).sort((a, b) => (a.to < b.to ? -1 : 1));
  const at = done.findIndex((question) => question.id === room.spot);
  const previous = at < 0 ? done.at(-1) : done[at - 1];
  const form = $("[data-previous]");
  form.hidden = !previous || room.state !== "open";
  if (!previous) return;
  form.dataset.q = previous.id;
  $("[data-rev]", form).value = previous.rev;
}

// What stands on the projector or is on its way there: a poll, else a question.
const onScreen = (room) => room.poll || room.spot;
let shown = null;
let begun = false;
export function drawLife(room, changes) {
  if (changes.hands) drawHands(room);
  if (changes.pulse || changes.check) drawPulse(room);
  if (changes.said) drawSaid(room);
  if (changes.notes) drawNotes(room);
  if (changes.screen) drawScreen(room);
  if ((changes.spot || changes.shown) && begun) countDown(onScreen(room), shown);
  shown = onScreen(room);
  begun = true;
  drawPrevious(room);
}

// After an act of ours was acknowledged; what it says to the host, if anything.
export function lifeDone(form, answer, command) {
  if (form.hasAttribute("data-clears")) form.reset();
  return command === "screen:clear" && answer.r.stopped ? $("[data-going]").dataset.stopped : "";
}
