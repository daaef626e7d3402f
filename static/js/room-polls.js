// Polls on the phone: to choose while they run, then their results. A choice is a state: the last wish wins.
import { answered, drawResults, label, optionCount, pollClone, resultsOf, told } from "./poll-draw.js";
import { setText } from "./room-draw.js";
import { showError, toast } from "./room-forms.js";
import { ballot as stored, inSight } from "./state-polls.js";

const place = document.querySelector("[data-polls]");
const LINES = new Set(["cloud", "text", "number"]);

const shapeOf = (poll) => {
  if (LINES.has(poll.kind) || poll.kind === "ranking" || poll.kind === "budget") return poll.kind;
  return poll.most > 1 ? "many" : "one";
};

function named(element, id) {
  for (const part of element.querySelectorAll("[id], [for], [aria-labelledby], [aria-describedby]")) {
    for (const name of ["id", "for", "aria-labelledby", "aria-describedby"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("{p}", id));
    }
  }
}

function fillOptions(form, poll) {
  const holder = form.querySelector("[data-options]");
  holder.classList.toggle("poll__opts--scale", poll.kind === "scale");
  const first = holder.firstElementChild;
  const rows = Array.from({ length: optionCount(poll) }, (_, i) => {
    const row = first.cloneNode(true);
    const input = row.querySelector("input, select");
    input.id = `o-${poll.id}-${i}`;
    const word = row.querySelector("[data-label]");
    word.htmlFor = input.id;
    word.textContent = poll.kind === "scale" ? i + 1 : label(poll, i);
    if (input.matches("[type=radio], [type=checkbox]")) input.value = i;
    if (input.matches("select")) while (input.options.length > optionCount(poll) + 1) input.options[input.options.length - 1].remove();
    return row;
  });
  holder.replaceChildren(...rows);
  const ends = form.querySelector("[data-ends]");
  if (!ends || poll.kind !== "scale") return;
  ends.hidden = false;
  [...ends.children].forEach((end, i) => { end.textContent = poll.options[i] || ""; });
}

function newBallot(poll) {
  const form = pollClone(`ballot-of="${shapeOf(poll)}"`);
  form.action = form.action.replace(/\/polls\/[^/]+\//, `/polls/${poll.id}/`);
  form.elements.round.value = poll.round;
  if (!LINES.has(poll.kind)) fillOptions(form, poll);
  named(form, poll.id);
  setText(form, "[data-unit]", poll.options[0] || "");
  const hint = form.querySelector("[data-hint]");
  if (hint && poll.kind !== "budget") hint.textContent = hint.textContent.replace("{n}", poll.most);
  for (const who of form.querySelectorAll("[data-who]")) who.hidden = (who.dataset.who === "anon") !== poll.anon;
  return form;
}

// Own choice into the fields, unless somebody is about to change it.
function putChoice(form, choice) {
  const fields = [...form.querySelectorAll("[name=choice]")];
  if (choice && !form.dataset.touched) {
    fields.forEach((field, i) => {
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = choice.map(String).includes(field.value);
      else field.value = field.hasAttribute("data-line") ? choice.join(" ") : String(choice[i]);
    });
  }
  for (const [name, hidden] of [["first", choice], ["changed", !choice], ["stored", !choice]]) form.querySelector(`[data-${name}]`).hidden = Boolean(hidden);
  sum(form);
}

function sum(form) {
  const output = form.querySelector("[data-sum]");
  if (output) output.textContent = [...form.querySelectorAll("[name=choice]")].reduce((total, field) => total + (Number(field.value) || 0), 0);
}

function drawCard(room, poll, card) {
  const fresh = card.dataset.round !== String(poll.round) || card.dataset.state !== poll.state;
  card.id = `p-${poll.id}`;
  Object.assign(card.dataset, { poll: poll.id, state: poll.state, round: poll.round });
  for (const part of card.querySelectorAll("[data-poll-when]")) part.hidden = !part.dataset.pollWhen.split(" ").includes(poll.state);
  const holder = card.querySelector("[data-place]");
  if (fresh || !holder.firstElementChild !== (poll.state !== "open")) holder.replaceChildren(...(poll.state === "open" ? [newBallot(poll)] : []));
  for (const body of card.querySelectorAll("[data-body]")) if (body.textContent !== poll.body) body.textContent = poll.body;
  const own = room.ballots.get(poll.id);
  if (holder.firstElementChild) putChoice(holder.firstElementChild, own?.round === poll.round ? own.choice : null);
  const count = card.querySelector("[data-count-line]");
  count.hidden = poll.state === "revealed";
  count.textContent = told("answered", { n: answered(room, poll) });
  drawResults(card, poll, resultsOf(room, poll));
  return card;
}

// Whoever reads questions learns that a poll waits: a number at the tab, and once aloud.
let heard = null;
function tellNew(room) {
  const open = inSight(room).filter((poll) => poll.state === "open");
  const waiting = open.filter((poll) => room.ballots.get(poll.id)?.round !== poll.round);
  const due = document.querySelector("[data-polls-due]");
  due.hidden = !waiting.length || place.dataset.role === "observer";
  setText(due, "[data-due-n]", waiting.length);
  const now = new Set(open.map((poll) => `${poll.id} ${poll.round}`));
  const fresh = heard && open.find((poll) => !heard.has(`${poll.id} ${poll.round}`));
  if (fresh) document.querySelector("[data-said]").textContent = `${place.dataset.wordNew} ${fresh.body}`;
  heard = now;
}

export function drawPolls(room) {
  const known = new Map([...place.children].map((card) => [card.dataset.poll, card]));
  const cards = inSight(room).map((poll) => drawCard(room, poll, known.get(poll.id) || pollClone("poll-card")));
  for (const card of place.children) if (!cards.includes(card)) card.remove();
  tellNew(room);
  cards.forEach((card, i) => { if (place.children[i] !== card) place.insertBefore(card, place.children[i] || null); });
}

export function startPolls(live) {
  place.addEventListener("input", (event) => {
    const form = event.target.closest("[data-ballot]");
    form.dataset.touched = "1";
    sum(form);
  });
  place.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-ballot]");
    if (!form || !live.ever) return; // never connected: the plain form does it
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const pid = form.closest("[data-poll]").dataset.poll;
    const round = Number(form.elements.round.value);
    const before = live.room.ballots.get(pid);
    const choice = new FormData(form).getAll("choice");
    let n = before?.round === round ? before.n : 0;
    let answer;
    // Another device may have counted further: go on from there, until this wish is what stands.
    do answer = await live.send("poll:vote", { pid, round, choice, n: (n += 1) });
    while (answer.ok && answer.r.n > n && (n = answer.r.n));
    delete form.dataset.sending;
    if (answer.ok) {
      delete form.dataset.touched;
      const changes = { polls: new Set() };
      stored(live.room, answer.r, changes);
      showError(form, "");
      drawPolls(live.room);
    } else if (!showError(form, answer.msg)) toast(answer.msg);
  });
}
