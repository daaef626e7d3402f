// The learner's room: three tabs, a list that never jumps, voices, own questions and their fate.
import { drawOwn, drawRow, newOwnRow, newRow, chipState, say, setText, startTelling } from "./room-draw.js";
import { Live } from "./live.js";
import { startAbout, startTags } from "./room-about.js";
import { drawGroups, startGroups } from "./room-breakouts.js";
import { startClock } from "./room-clock.js";
import { startCompose } from "./room-compose.js";
import { drawLife, startLife } from "./room-life.js";
import { drawPolls, startPolls } from "./room-polls.js";
import { startMore } from "./room-more.js";
import { showError, showNet, takeForms, toast } from "./room-forms.js";
import { startVoices } from "./room-voices.js";
import { current, inOrder, roomOrder } from "./state-questions.js";

const $ = (selector) => document.querySelector(selector);
const $$ = (selector) => [...document.querySelectorAll(selector)];
const main = $("[data-room]");
const list = $("[data-list]");
const mineList = $("[data-mine]");
const said = $("[data-said]");
const tellNew = startTelling(said);
let order = main.dataset.order;
const ownOrder = (name) => name === "new" || name === "open";
let drawn = false;
let letters = [];
const news = new Set();
let spotSaid = null;
let ruled = null;

function show(name) {
  const panels = $$("[data-panel]");
  const wanted = panels.some((panel) => panel.dataset.panel === name) ? name : "questions";
  for (const panel of panels) panel.classList.toggle("is-off", panel.dataset.panel !== wanted);
  for (const link of $$("[data-tab]")) {
    if (link.dataset.tab === wanted) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

const rows = () => new Map([...list.children].map((row) => [row.dataset.q, row]));

function drawList(room) {
  const known = rows();
  const focused = document.activeElement;
  list.replaceChildren(...cut(inOrder(room, ownOrder(order) ? order : roomOrder(room)).filter(tags.fits)).map((question) => drawRow(known.get(question.id) || newRow(), room, question, list.dataset)));
  if (focused && list.contains(focused)) focused.focus({ preventScroll: true });
  news.clear();
}

const cut = startMore(list, () => live.ever && (drawList(live.room), true));

function drawNews(room) {
  const button = $("[data-news]");
  button.hidden = !news.size;
  if (news.size) setText(button, "[data-news-text]", say({ one: said.dataset.pillOne, many: said.dataset.pillMany }, news.size));
  setText(document, "[data-count]", room.questions.size);
  $("[data-empty]").hidden = room.questions.size > 0;
}

function drawMine(room) {
  const known = new Map([...mineList.children].map((row) => [row.dataset.q, row]));
  const waiting = letters.filter((letter) => !room.sent.has(letter.cid)).map((letter) => drawOwn(known.get(letter.cid) || newOwnRow(), room,
    { id: letter.cid, body: letter.body, vis: letter.vis, reason: letter.why, picture: null }, letter.why ? "unsent" : live.ready ? "sending" : "offline"));
  const mine = [...room.mine.values()].sort((a, b) => (b.no ?? Infinity) - (a.no ?? Infinity));
  mineList.replaceChildren(...waiting, ...mine.map((question) => drawOwn(known.get(question.id) || newOwnRow(), room, question, chipState(question))));
  setText(document, "[data-mine-count]", mine.length);
  $("[data-mine-empty]").hidden = mine.length + waiting.length > 0;
}

function drawSpot(room) {
  const question = current(room);
  for (const place of $$("[data-spot]")) {
    place.hidden = !question;
    if (!question) continue;
    setText(place, "[data-spot-text]", question.body);
    setText(place, "[data-spot-by]", question.by || list.dataset.wordNobody);
  }
  $("[data-quiet]").hidden = Boolean(question) || room.state !== "open";
  if (question && question.id !== spotSaid) said.textContent = `${said.dataset.now} ${question.body}`;
  spotSaid = question?.id;
}

// The order that the host has set: its name, and the list by it.
function drawRule(room) {
  const rule = roomOrder(room);
  if (rule !== ruled && !ownOrder(order)) drawList(room);
  ruled = rule;
  for (const name of $$("[data-rule]")) name.hidden = name.dataset.rule !== rule;
}

function drawModeration(room, changes) {
  about.draw();
  if (changes.settings) {
    tags.draw();
    for (const form of $$(".reacts")) form.hidden = !room.settings.reactions;
    drawRule(room);
    for (const choice of $$("[data-anonymous]")) choice.hidden = choice.disabled = !room.settings.anonymous;
  }
  if (changes.banned) $("[data-banned]").hidden = !room.banned;
}

function drawState(room) {
  $("[data-room-planned]").hidden = room.state !== "planned";
  $("[data-room-closed]").hidden = room.state !== "closed";
  $("[data-compose]").hidden = room.state !== "open" || room.role === "observer" || room.banned;
  if (room.state === "closed") show("now");
}

function changed(room, changes) {
  if (!drawn) {
    drawn = true;
    drawList(room);
  } else {
    const known = rows();
    for (const id of changes.removed) {
      known.get(id)?.remove();
      news.delete(id);
    }
    for (const id of changes.added) if (!room.mine.has(id)) news.add(id);
    for (const id of new Set([...changes.ids, ...changes.counts])) {
      if (known.has(id) && room.questions.has(id)) drawRow(known.get(id), room, room.questions.get(id), list.dataset);
    }
    // One's own question, and the first of all, need no pill.
    if (changes.added.some((id) => room.mine.has(id)) || (news.size && !known.size)) drawList(room);
    tellNew(changes.added.filter((id) => news.has(id)).length);
  }
  drawNews(room);
  if (changes.polls.size) drawPolls(room);
  drawLife(room, changes);
  if (changes.groups || changes.state) drawGroups(live);
  if (changes.mine || changes.counts.size || changes.state) drawMine(room);
  if (changes.spot || changes.state || changes.ids.size) drawSpot(room);
  if (changes.state || changes.mine || changes.banned) drawState(room);
  drawModeration(room, changes);
  if (changes.on) {
    $("[data-on-line]").hidden = false;
    setText(document, "[data-on]", room.on);
  }
}

const live = new Live({
  code: main.dataset.room,
  changed,
  status(state) {
    showNet(state);
    if (letters.length) drawMine(live.room);
  },
});

startCompose({
  live,
  room: main.dataset.room,
  writer: main.dataset.writer,
  vote: (id) => voices(id, 1),
  shown(waiting) {
    letters = waiting;
    drawMine(live.room);
  },
});

function redraw(id) {
  const row = rows().get(id);
  if (row && live.room.questions.has(id)) drawRow(row, live.room, live.room.questions.get(id), list.dataset);
}

const voices = startVoices({ live, list, redraw });
const tags = startTags(live, () => drawList(live.room));
const about = startAbout(live, voices);
startPolls(live);
takeForms(live, {
  refused: (form, answer) => showError(form, answer.msg) || toast(answer.msg),
  done(form, answer, command) {
    if (command === "breakout:bring") form.reset();
    form.closest("details")?.removeAttribute("open");
    form.closest("dialog")?.close();
    live.note(answer.r);
  },
});

$("[data-news]").addEventListener("click", () => {
  drawList(live.room);
  drawNews(live.room);
  list.scrollIntoView({ block: "nearest" });
});
for (const link of $$(".room-main .segments a")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    order = new URL(link.href).searchParams.get("order") || "voices";
    for (const other of $$(".room-main .segments a")) other.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    drawList(live.room);
    drawNews(live.room);
  });
}
addEventListener("hashchange", () => show(location.hash.slice(1)));
show(location.hash.slice(1));
startClock();
startLife(live);
startGroups();
