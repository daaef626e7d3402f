// Beside the questions, on the projector: what lies over every scene, and what may show at all.
import { setHidden, setText } from "./room-draw.js";
import { drawCaptions } from "./room-captions.js";
import { clockLeft } from "./state-breakouts.js";
import { reactions } from "./state-life.js";

const $ = (selector) => document.querySelector(selector);
const AGAIN = 1000;

// Asks what may show now, and again when something is still too new. Without an answer nothing new shows.
export function startDue(live, put) {
  let timer = null;
  let asking = false;
  let more = false;
  return async function ask() {
    clearTimeout(timer);
    if (asking) {
      more = true;
      return;
    }
    asking = true;
    more = false;
    const answer = await live.once("screen:due", {});
    asking = false;
    if (answer.ok && !more) put(answer.r);
    const ms = more ? 0 : answer.ok ? answer.r.ms : answer.retry_ms || AGAIN;
    if (ms !== null) timer = setTimeout(ask, ms);
  };
}

// While groups are at work: what they do, and how long still.
let ends = null;
function tellTime() {
  const left = ends && clockLeft(ends);
  const { dataset } = $("[data-band-groups]");
  setText(document, "[data-band-groups-clock]", left ? dataset.left.replace("{clock}", left) : dataset.over);
}

function drawGroups({ breakout, state }) {
  const runs = Boolean(breakout?.open) && state === "open";
  ends = runs ? breakout.ends : null;
  setHidden(document, "[data-band-groups]", !runs);
  setText(document, "[data-band-groups-task]", runs ? breakout.task : "");
  tellTime();
}
setInterval(tellTime, 1000);

let note = $("[data-band-said]").dataset.id || null;

export function drawBands(room, allowed = note) {
  note = room.announcements.has(allowed) ? allowed : null;
  setHidden(document, "[data-band-said]", !note);
  if (note) setText(document, "[data-band-said-text]", room.announcements.get(note).body);
  drawGroups(room);
  const result = room.check?.result;
  setHidden(document, "[data-band-check]", !result);
  for (const place of document.querySelectorAll("[data-check-n]")) place.textContent = result?.[place.dataset.checkN] ?? 0;
  setHidden(document, "[data-band-captions]", !room.screen.captions || !room.lines.size);
  if (room.screen.captions) drawCaptions(room, $("[data-captions]"), 2);
  const { up, by } = room.hands;
  setHidden(document, "[data-hands-line]", !up.length);
  setText(document, "[data-hands-n]", up.length);
  setHidden(document, "[data-floor-line]", !by);
  setText(document, "[data-floor-name]", by || "");
  const sum = reactions(room);
  for (const place of document.querySelectorAll("[data-rx]")) {
    place.hidden = !sum[place.dataset.rx];
    setText(place, "b", sum[place.dataset.rx] || 0);
  }
}
