// Polls on the console: steps, live tallies for moderators alone, hands of a hall, short texts to choose from.
import { answered, drawResults, label, optionCount, resultsOf } from "./poll-draw.js";
import { setHidden, setText } from "./room-draw.js";

const list = document.querySelector("[data-poll-list]");
const cloneOf = (name) => document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
const COUNTED = new Set(["single", "multiple", "yesno", "scale", "quiz", "peer"]);

function stepsOf(poll) {
  if (poll.state === "closed") return poll.kind === "peer" && poll.round === 1 ? ["again", "reopen"] : ["reveal", "reopen"];
  return { draft: ["open"], open: ["close"] }[poll.state] || [];
}

function aim(item, poll) {
  for (const form of item.querySelectorAll("form")) {
    form.setAttribute("action", form.getAttribute("action").replace(/\/polls\/[^/]+\//, `/polls/${poll.id}/`));
    form.elements.pid.value = poll.id;
  }
  for (const button of item.querySelectorAll("[formaction]")) {
    button.setAttribute("formaction", button.getAttribute("formaction").replace(/\/polls\/[^/]+\//, `/polls/${poll.id}/`));
  }
  item.querySelector("[data-steps]").elements.rev.value = poll.rev;
}

function drawHands(item, poll) {
  const form = item.querySelector("[data-hands-form]");
  form.hidden = !COUNTED.has(poll.kind);
  const select = form.elements.option;
  if (form.hidden || select.options.length === optionCount(poll)) return;
  select.replaceChildren(...Array.from({ length: optionCount(poll) }, (_, i) => new Option(label(poll, i), i)));
  for (const [field, mark] of [[select, "ho"], [form.elements.count, "hn"]]) {
    field.id = `${mark}-${poll.id}`;
    form.querySelector(`label[for^=${mark}-]`).htmlFor = field.id;
  }
}

function drawTexts(item, poll, texts) {
  const holder = item.querySelector("[data-texts]");
  holder.hidden = poll.kind !== "text" || poll.state === "draft";
  if (holder.hidden || !texts) return;
  const rows = holder.querySelector("[data-text-rows]");
  const known = new Map([...rows.children].map((row) => [row.dataset.text, row]));
  texts.forEach(([id, said, picked], i) => {
    const row = known.get(String(id)) || cloneOf("text-item");
    row.dataset.text = id;
    setText(row, "[data-said]", said);
    const form = row.querySelector("form");
    Object.assign(form.elements.answer, { value: id });
    form.elements.pid.value = poll.id;
    form.elements.on.value = picked ? 0 : 1;
    row.querySelector("button").setAttribute("aria-pressed", picked);
    if (rows.children[i] !== row) rows.insertBefore(row, rows.children[i] || null);
  });
}

function drawItem(room, poll, item) {
  const turned = item.dataset.state !== poll.state;
  Object.assign(item.dataset, { poll: poll.id, state: poll.state });
  item.id = `p-${poll.id}`;
  aim(item, poll);
  setText(item, "[data-body]", poll.body);
  for (const chip of item.querySelectorAll("[data-poll-when]")) chip.hidden = chip.dataset.pollWhen !== poll.state;
  setHidden(item, "[data-n-line]", poll.state === "draft");
  setText(item, "[data-n]", answered(room, poll));
  const steps = stepsOf(poll);
  for (const button of item.querySelectorAll("[data-step]")) button.hidden = !steps.includes(button.dataset.step);
  setHidden(item, "[data-steps]", !steps.length);
  const shown = room.poll === poll.id;
  setHidden(item, "[data-shown]", !shown);
  const screen = item.querySelector("[data-screen]");
  screen.hidden = poll.state === "draft";
  screen.elements.on.value = shown ? 0 : 1;
  screen.querySelector("button").setAttribute("aria-pressed", shown);
  const running = poll.state === "open" || poll.state === "closed";
  const tallies = item.querySelector("[data-tallies]");
  tallies.hidden = !running;
  if (turned) tallies.open = running;
  const results = resultsOf(room, poll);
  drawResults(item.querySelector("[data-results-place]"), poll, running ? results : null);
  drawHands(item, poll);
  drawTexts(item, poll, results?.at(-1)?.texts);
  return item;
}

export function drawPolls(room) {
  const known = new Map([...list.children].map((item) => [item.dataset.poll, item]));
  const wanted = [...room.polls.values()].sort((a, b) => a.pos - b.pos);
  for (const [id, item] of known) if (!room.polls.has(id)) item.remove();
  wanted.forEach((poll, i) => {
    const item = drawItem(room, poll, known.get(poll.id) || cloneOf("poll-item"));
    if (list.children[i] !== item) list.insertBefore(item, list.children[i] || null);
  });
  for (const count of document.querySelectorAll('[data-count="polls"]')) count.textContent = wanted.length;
}

// A refusal stands at the poll it is about; a newer state of it is taken over.
export function pollRefused(live, form, answer) {
  const item = form.closest("[data-poll]");
  if (answer.cur?.kind) live.room.polls.set(answer.cur.id, { ...live.room.polls.get(answer.cur.id), ...answer.cur });
  if (item) {
    drawPolls(live.room);
    setText(item, "[data-poll-error] span", answer.msg);
    setHidden(item, "[data-poll-error]", false);
  }
  return Boolean(item);
}

export function pollDone(form) {
  const item = form.closest("[data-poll]");
  if (!item) return;
  setHidden(item, "[data-poll-error]", true);
  if (form.matches("[data-hands-form]")) form.elements.count.value = "";
}
