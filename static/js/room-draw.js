// Rows of questions: cloned from the server's own markup, filled with text, never with words of their own.

import { putTags } from "./console-marks.js";
import { putPicture } from "./room-picture.js";
import { asksToo, voice } from "./state-moderation.js";

const find = (selector, root = document) => root.querySelector(selector);
const clone = (template) => template.content.firstElementChild.cloneNode(true);
const templateOf = (name, value) => find(`template[data-${name}="${value}"]`);

// Words as they are compared: without accents, in small letters, final sigma as any other.
export const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("\u03c2", "\u03c3");

export function setText(root, selector, text) {
  const element = find(selector, root);
  if (element && element.textContent !== String(text)) element.textContent = text;
}

export function setHidden(root, selector, hidden) {
  const element = find(selector, root);
  if (element) element.hidden = hidden;
}

export const chipState = (question) => (question.state === "answered" && question.answers.length && !question.to ? "written" : question.state);

export function putChip(meta, state) {
  if (meta.dataset.shown === state) return;
  meta.dataset.shown = state;
  find(".chip", meta)?.remove();
  const template = templateOf("chip-of", state);
  if (template?.content.firstElementChild) meta.append(clone(template));
}

// ACCEPTS is the address that takes "it answers the question", for whoever may say so.
export function putAnswers(row, answers, accepts) {
  const holder = find("[data-answers]", row);
  const told = JSON.stringify(answers);
  if (!holder || holder.dataset.told === told) return;
  holder.dataset.told = told;
  holder.hidden = !answers.length;
  holder.replaceChildren(...answers.map((answer) => {
    const element = clone(templateOf("answer-of", accepts ? "accept" : "read"));
    setText(element, "[data-answer-body]", answer.body);
    setText(element, "[data-answer-by]", answer.by);
    setText(element, "[data-answer-sources] span", answer.sources);
    setHidden(element, "[data-answer-sources]", !answer.sources);
    setHidden(element, "[data-accepted]", !answer.accepted);
    setHidden(element, "[data-unsure]", !answer.unsure);
    const form = find("form", element);
    if (form) {
      form.action = accepts;
      form.elements.answer.value = answer.id;
      form.elements.on.value = Number(!answer.accepted);
      setHidden(form, "[data-if-off]", answer.accepted);
      setHidden(form, "[data-if-on]", !answer.accepted);
    }
    return element;
  }));
}

export const acceptAddress = (question) => `${location.pathname.replace(/\/host$/, "")}/questions/${question.id}/accept`;

function putNumber(row, no) {
  for (const hidden of row.querySelectorAll(".visually-hidden")) {
    hidden.textContent = hidden.textContent.replace("{no}", no);
  }
}

// Where the asker takes part from, beside the name.
export function putPlace(row, question) {
  setText(row, "[data-place]", question.place || "");
  setHidden(row, "[data-place]", !question.place);
  setHidden(row, "[data-hall]", !question.hall);
}

const kindOfVote = (room, question) => (room.mine.has(question.id) || asksToo(room, question.id) ? "own" : question.locked ? "still" : ["answered", "merged"].includes(question.state) ? "still" : "free");

function putVote(row, room, question) {
  const kind = kindOfVote(room, question);
  let vote = find("[data-vote]", row);
  if (vote.dataset.vote !== kind) {
    const fresh = kind === "free" ? find("[data-vote]", clone(find("template[data-row]"))) : clone(templateOf("vote-of", kind));
    vote.replaceWith(fresh);
    vote = fresh;
  }
  setText(vote, "[data-n]", room.counts.get(question.id) || 0);
  find("[data-metoo]", vote)?.setAttribute("aria-pressed", String(voice(room, question.id) > 0));
}

export function drawRow(row, room, question, words) {
  const mine = room.mine.has(question.id);
  row.dataset.q = question.id;
  row.id = `q-${question.id}`;
  row.classList.toggle("is-mine", mine);
  row.classList.toggle("is-now", question.state === "answering");
  setText(row, "[data-text]", question.body);
  setText(row, "[data-no]", question.no);
  setText(row, "[data-by]", mine ? words.wordMine : question.by || words.wordNobody);
  putPlace(row, question);
  putChip(find(".q__meta", row), chipState(question));
  putVote(row, room, question);
  putNumber(row, question.no);
  putMarks(row, question);
  setHidden(row, "[data-about-link]", mine);
  putAnswers(row, question.answers);
  return row;
}

// Tags, edited, locked, and where a joined question counts.
function putMarks(row, question) {
  putPicture(row, question);
  putTags(find("[data-tags]", row), question.tags || []);
  setHidden(row, "[data-edited]", !question.edited);
  setHidden(row, "[data-locked]", !question.locked);
  setHidden(row, "[data-into]", !question.into);
  setText(row, "[data-into-no]", question.into?.no ?? "");
  for (const link of row.querySelectorAll("[data-into] a")) link.href = `#q-${question.into?.id}`;
  for (const link of row.querySelectorAll("[data-about-link]")) link.href = `?about=${question.id}#about`;
}

export const newRow = () => clone(find("template[data-row]"));

// An own question with its fate. STATE may be one that only the client knows: sending, offline, unsent.
export function drawOwn(row, room, question, state) {
  row.dataset.q = question.id;
  row.classList.toggle("is-sending", state === "sending" || state === "offline");
  setText(row, "[data-text]", question.body);
  setText(row, "[data-no]", question.no ?? "");
  const n = room.counts.get(question.id) || 0;
  setText(row, "[data-n]", n);
  setHidden(row, "[data-asked]", !n);
  putChip(find("[data-chip]", row), state === "open" ? "mine-open" : state);
  const vis = find("[data-vis]", row);
  vis.replaceChildren(templateOf("vis-of", question.vis).content.textContent);
  setHidden(row, "[data-why]", !["dismissed", "unsent"].includes(state));
  putMarks(row, question);
  setHidden(row, "[data-original-block]", !question.original);
  setText(row, "[data-original]", question.original || "");
  setText(row, "[data-reason]", question.reason || "");
  setHidden(row, "[data-own-acts]", !["pending", "open"].includes(state));
  setHidden(row, "[data-can-edit]", state !== "pending");
  const rev = find("[data-rev]", row);
  if (rev) rev.value = question.rev || 1;
  const edit = find("[data-edit-body]", row);
  if (edit && document.activeElement !== edit && !find("details", row).open) edit.value = question.body;
  putAnswers(row, question.answers || [], acceptAddress(question));
  return row;
}

export const newOwnRow = () => clone(find("template[data-own-row]"));

export function say(element, n) {
  return (n === 1 ? element.one : element.many).replaceAll("{n}", n);
}

// Tells screen readers how many are new: at most one polite announcement in five seconds.
export function startTelling(place) {
  let untold = 0;
  setInterval(() => {
    if (untold) place.textContent = say(place.dataset, untold);
    untold = 0;
  }, 5000);
  return (n) => { untold += n; };
}
