// Rows of the console's lanes: cloned from the server's markup, never moved under the pointer.
import { drawMarks } from "./console-marks.js";
import { acceptAddress, chipState, putAnswers, putChip, putPlace, setHidden, setText } from "./room-draw.js";
import { putPicture } from "./room-picture.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const main = $("[data-room]");

export function aim(form, question) {
  form.action = form.action.replace(/questions\/[^/]+\//, `questions/${question.id}/`);
  setHidden(form, "[data-later]", question.state === "later");
  $("[data-rev]", form).value = question.rev;
}

function drawRow(row, room, question, number) {
  row.dataset.q = question.id;
  setText(row, "[data-text]", question.body);
  setText(row, "[data-no]", question.no);
  setText(row, "[data-by]", question.by || main.dataset.wordNobody);
  putPlace(row, question);
  setHidden(row, "[data-only-mods]", question.vis !== "mods");
  setText(row, "[data-n]", room.counts.get(question.id) || 0);
  setText(row, "[data-rank]", number);
  setText(row, "[data-reason]", question.reason);
  const chip = $("[data-chip]", row);
  if (chip) putChip(chip, chipState(question));
  putAnswers(row, question.answers, acceptAddress(question));
  putPicture(row, question);
  drawMarks(row, room, question);
  for (const form of $$("form", row)) aim(form, question);
  for (const button of $$("[formaction]", row)) button.setAttribute("formaction", `${$("form", row).action}?op=dismiss`);
  for (const link of $$("[data-q-link]", row)) link.href = link.href.replace(/questions\/[^/]+\//, `questions/${question.id}/`);
  for (const link of $$("[data-write]", row)) link.href = `?write=${question.id}#write`;
  for (const label of $$("label[for^=why-]", row)) {
    label.htmlFor = `why-${question.id}`;
    $("[data-other]", row).id = label.htmlFor;
  }
  return row;
}

const newRow = (lane) => $(`template[data-row-of="${lane}"]`).content.firstElementChild.cloneNode(true);
export const inUse = (element) => element.matches(":hover") || element.contains(document.activeElement);

// How many rows of a lane stand at once; the link under it brings more, as without script.
const most = {};
export function startMore(live, redraw) {
  document.addEventListener("click", (event) => {
    const lane = event.target.closest("[data-lane-more]")?.dataset.laneMore;
    if (!lane || !live.ever) return;
    event.preventDefault();
    most[lane] = (most[lane] || Number(main.dataset.most)) + Number(main.dataset.step);
    redraw();
  });
}

function cut(lane, wanted) {
  const shown = wanted.slice(0, most[lane] || Number(main.dataset.most));
  $(`[data-lane-more="${lane}"]`).parentElement.hidden = shown.length === wanted.length;
  return shown;
}

// The list as it should be; while somebody points at it or types in it, what stands keeps its place.
export function drawLane(room, lane, all, force) {
  const wanted = cut(lane, all);
  const holder = $(`[data-rows="${lane}"]`);
  const known = new Map([...holder.children].map((row) => [row.dataset.q, row]));
  const ids = new Set((!force && inUse(holder) ? all : wanted).map((question) => question.id));
  for (const [id, row] of known) if (!ids.has(id)) row.remove();
  let order = wanted;
  if (!force && inUse(holder)) {
    const standing = [...holder.children].map((row) => room.questions.get(row.dataset.q));
    order = [...standing, ...wanted.filter((question) => !known.has(question.id))];
  }
  const stale = order.some((question, i) => question !== wanted[i]);
  order.forEach((question, i) => {
    const row = drawRow(known.get(question.id) || newRow(lane), room, question, i + 1);
    if (holder.children[i] !== row) holder.insertBefore(row, holder.children[i] || null);
  });
  for (const count of $$(`[data-count="${lane}"]`)) count.textContent = all.length;
  const nothing = $(`[data-nothing="${lane}"]`);
  if (nothing) nothing.hidden = wanted.length > 0;
  const block = $(`[data-block="${lane}"]`);
  if (block) block.hidden = !wanted.length;
  return stale;
}
