// The host's console: one key for each act, rows that stay under the pointer, everything a form underneath.
import { Live } from "./live.js";
import { startClock } from "./room-clock.js";
import { setHidden, setText } from "./room-draw.js";
import { showError, showNet, takeForms, toast } from "./room-forms.js";
import { current, inOrder } from "./state-questions.js";
import { putPicture } from "./room-picture.js";
import { startModerating } from "./console-moderate.js";
import { watchSlips } from "./console-memory.js";
import { drawGroups } from "./console-breakouts.js";
import { drawLife, lifeDone } from "./console-life.js";
import { drawLine, startLine } from "./console-line.js";
import { drawPolls, pollDone, pollRefused } from "./console-polls.js";
import { drawPromises, promiseDone } from "./console-promises.js";
import { startKeys, startLanes } from "./console-keys.js";
import { aim, drawLane, inUse, startMore } from "./console-rows.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const main = $("[data-room]");
const stage = $("[data-stage]");
const write = $("[data-write-form]");

const LANES = {
  in: (question) => question.state === "pending" || (question.state === "open" && question.watch === "post"),
  queue: (question) => question.state === "open" || question.state === "later",
  done: (question) => question.state === "answered",
  refused: (question) => question.state === "dismissed",
  merged: (question) => question.state === "merged",
};

function drawStage(room) {
  const question = current(room);
  stage.hidden = !question;
  $("[data-stage-empty]").hidden = Boolean(question);
  $("[data-onscreen]").hidden = !room.spot;
  if (!question) return;
  const going = question.state === "answering";
  if (stage.dataset.q !== question.id) stage.dataset.q = question.id;
  setText(stage, "[data-no]", question.no);
  setText(stage, "[data-by]", question.by || main.dataset.wordNobody);
  setText(stage, "[data-n]", room.counts.get(question.id) || 0);
  setText(stage, "[data-text]", question.body);
  putPicture(stage, question);
  setHidden(stage, "[data-time]", !going);
  $("[data-clock]", stage).dataset.from = question.from || "";
  for (const button of $$("[data-for]", stage)) button.hidden = (button.dataset.for === "answering") !== going;
  aim($("form", stage), question);
}

function drawNext(room, queue) {
  const place = $("[data-next]");
  const next = queue.find((one) => one.id !== stage.dataset.q || stage.hidden);
  place.hidden = !next || room.state !== "open";
  if (!next) return;
  setText(place, "[data-next-text]", next.body);
  $("form", place).dataset.q = next.id;
  $("[data-rev]", place).value = next.rev;
}
let [moderating, stale] = [null, false];
function draw(room, force = false) {
  const lane = (name, order) => inOrder(room, order, (question) => LANES[name](question) && (!moderating || moderating.fits(question)));
  drawLane(room, "in", lane("in", "voices").sort((a, b) => a.no - b.no), force);
  const queue = lane("queue", moderating?.order() || "voices");
  stale = drawLane(room, "queue", queue, force);
  for (const name of ["done", "refused", "merged"]) drawLane(room, name, lane(name, "new"), force);
  $("[data-stale]").hidden = !stale;
  drawStage(room);
  drawNext(room, queue);
  for (const place of $$("[data-when]")) place.hidden = !place.dataset.when.split(" ").includes(room.state);
  for (const place of $$("[data-left-count]")) place.textContent = inOrder(room, "voices", LANES.queue).length;
  setText(document, "[data-done-count]", $('[data-count="done"]').textContent);
  if (room.on !== null) setText(document, "[data-on]", room.on);
}

const live = new Live({ code: main.dataset.room, status: showNet, changed: (room, changes) => {
  draw(room);
  moderating.drawn(changes);
  if (changes.polls.size) drawPolls(room);
  if (changes.promises) drawPromises(room);
  if (changes.groups) drawGroups(room);
  drawLife(room, changes);
  drawLine(room);
} });

moderating = startModerating(live, (force) => draw(live.room, force));
takeForms(live, {
  refused(form, answer) {
    if (pollRefused(live, form, answer)) return;
    if (answer.cur) {
      live.room.questions.set(answer.cur.id, { ...live.room.questions.get(answer.cur.id), ...answer.cur });
      draw(live.room);
    }
    if (!showError(form, answer.msg) && !showError(form.closest("dialog"), answer.msg)) toast(answer.msg);
  },
  done(form, answer, command) {
    toast(lifeDone(form, answer, command));
    pollDone(form);
    moderating.done(answer, command, form);

    promiseDone(form, command);
    if (command === "question:ask") form.querySelector("textarea").value = "";
    if (command === "question:answer") {
      form.hidden = true;
      form.reset();
    }
  },
});

// Writing an answer: one form for all questions
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-write]");
  if (link && live.ever) {
    event.preventDefault();
    const question = live.room.questions.get(link.closest("[data-q]").dataset.q);
    write.dataset.q = question.id;
    setText(write, "[data-write-text]", question.body);
    write.hidden = false;
    showError(write, "");
    location.hash = "now";
    $("textarea", write).focus();
  }
  if (event.target.closest("[data-write-shut]")) {
    event.preventDefault();
    write.hidden = true;
  }
  if (event.target.closest("[data-reorder]")) draw(live.room, true);
});

setInterval(() => {
  const clock = $("[data-clock]");
  const from = Date.parse(clock.dataset.from);
  if (!from) return;
  const seconds = Math.max(0, Math.floor((Date.now() - from) / 1000));
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (stale && !inUse($('[data-rows="queue"]'))) draw(live.room);
}, 1000);

startMore(live, () => draw(live.room));
startKeys();
watchSlips(live);
startLanes();
startClock();
startLine(live);
