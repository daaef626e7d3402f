// The quiet strip of the console: how fast acks come, who is coming back, how much time and how many questions are left.
import { say } from "./room-draw.js";

const $ = (selector) => document.querySelector(selector);
const EVERY = 10000;
const USUAL = 180; // seconds for an answer, until this evening has shown its own
const times = [];

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function measure(live) {
  if (!live.ready) return;
  const from = performance.now();
  const answer = await live.once("room:ping", {});
  if (!answer.ok) return;
  times.push(performance.now() - from);
  if (times.length > 5) times.shift();
  $("[data-line]").hidden = false;
  $("[data-ms]").textContent = Math.round(median(times));
}

export function drawLine(room) {
  const place = $("[data-away-line]");
  place.textContent = room.away ? say(place.dataset, room.away) : place.dataset.none;
  const left = $("[data-time-left]");
  const minutes = Math.round((Date.parse(left.dataset.ends) - Date.now()) / 60000);
  left.hidden = room.state !== "open" || minutes < 0;
  if (left.hidden) return;
  const took = [...room.questions.values()].filter((q) => q.from && q.to).map((q) => (Date.parse(q.to) - Date.parse(q.from)) / 1000);
  const each = Math.max(20, took.length ? median(took) : USUAL);
  $("[data-minutes-left]").textContent = left.dataset.minutes.replace("{n}", minutes);
  $("[data-more-left]").textContent = left.dataset.more.replace("{n}", Math.floor((minutes * 60) / each));
}

export function startLine(live) {
  setInterval(() => {
    measure(live);
    drawLine(live.room);
  }, EVERY);
  setTimeout(() => measure(live), 1500);
}
