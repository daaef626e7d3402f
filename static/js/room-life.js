// Beside the questions, on the learner's phone: hands, pulse, reactions, captions, announcements.
import { drawPromises } from "./room-promises.js";
import { drawCaptions } from "./room-captions.js";
import { clockOf } from "./room-life-clock.js";
import { say, setHidden, setText } from "./room-draw.js";
import { lastSaid, placeOf, reactions } from "./state-life.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = $("[data-life]").dataset;
const lane = $("[data-captions]");
const SEEN = "room-announcement";
const CAPTIONS = "room-captions";
const PAUSE = 2000; // between two reactions of one person
const AGAIN = 10000; // between two summaries for screen readers

// Private windows may refuse to remember: then it holds as long as the page.
const memory = new Map();
const recall = (key) => { try { return localStorage.getItem(key) ?? memory.get(key); } catch { return memory.get(key); } };
const remember = (key, value) => { memory.set(key, value); try { localStorage.setItem(key, value); } catch { /* as said */ } };

function handsLine(room) {
  const place = placeOf(room);
  if (place === 0) return words.iAmNext;
  if (place > 0) return words.iWait.replaceAll("{n}", place + 1);
  if (room.hands.by) return words.floor.replace("{name}", room.hands.by);
  const n = room.hands.up.length;
  return n ? say({ one: words.upOne, many: words.upMany }, n) : words.upNone;
}

function drawHands(room) {
  setHidden(document, "[data-called]", !room.hand.called);
  setText(document, "[data-hands-say]", handsLine(room));
  for (const part of $$("[data-hand]")) part.hidden = (part.dataset.hand === "up") !== Boolean(room.hand.no);
}

function drawPulse(room) {
  if (room.pulse.until < Date.now()) room.pulse.level = null;
  for (const button of $$("[data-level]")) {
    const on = button.dataset.level === room.pulse.level;
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "none" : button.dataset.level;
  }
  const asked = room.check?.state === "asked";
  setHidden(document, "[data-pulse-calm]", asked);
  setHidden(document, "[data-pulse-asked]", !asked);
  const result = room.check?.result;
  setHidden(document, "[data-check-result]", !result);
  for (const place of $$("[data-check-n]")) place.textContent = result?.[place.dataset.checkN] ?? 0;
}

let told = 0;
let last = "";
function drawReactions(room) {
  const sum = reactions(room);
  const said = [];
  for (const button of $$("[data-react]")) {
    const n = sum[button.dataset.react] || 0;
    const place = $("[data-rx-n]", button);
    place.hidden = !n;
    place.textContent = n;
    if (n) said.push(`${button.children[1].textContent}: ${n}`);
  }
  if (!said.length || said.join() === last || Date.now() - told < AGAIN) return;
  told = Date.now();
  last = said.join();
  setText(document, "[data-rx-said]", said.join(", "));
}

function drawSaid(room) {
  const all = [...room.announcements.values()].reverse();
  const bar = $("[data-said-bar]");
  const newest = lastSaid(room);
  bar.dataset.id = newest?.id || "";
  bar.hidden = !newest || recall(SEEN) === newest.id;
  if (newest) setText(bar, "[data-said-last]", newest.body);
  setHidden(document, "[data-said-part]", !all.length);
  $("[data-said-list]").replaceChildren(...all.map((said) => {
    const row = $("template[data-said-row]").content.firstElementChild.cloneNode(true);
    setText(row, "[data-said-body]", said.body);
    setText(row, "[data-said-at]", clockOf(said.at));
    return row;
  }));
}

function showCaptions(on) {
  lane.hidden = !on;
  const button = $("[data-captions-switch]");
  button.hidden = false;
  button.setAttribute("aria-expanded", String(on));
  setHidden(button, "[data-on-word]", !on);
  setHidden(button, "[data-off-word]", on);
}

export function drawLife(room, changes) {
  if (changes.hands) drawHands(room);
  if (changes.pulse || changes.check) drawPulse(room);
  if (changes.rx) drawReactions(room);
  if (changes.said) drawSaid(room);
  if (changes.promises) drawPromises(room);
  if (changes.lines && !lane.hidden) drawCaptions(room, lane, 40);
  if (changes.state) for (const part of $$("[data-open-only]")) part.hidden = room.state !== "open";
}

export function startLife(live) {
  showCaptions(recall(CAPTIONS) !== "off");
  setHidden(document, "[data-said-bar]", $("[data-said-bar]").hidden || recall(SEEN) === $("[data-said-bar]").dataset.id);
  $("[data-captions-switch]").addEventListener("click", () => {
    remember(CAPTIONS, lane.hidden ? "on" : "off");
    showCaptions(lane.hidden);
    drawCaptions(live.room, lane, 40);
  });
  $("[data-said-shut]").addEventListener("click", () => {
    remember(SEEN, $("[data-said-bar]").dataset.id);
    $("[data-said-bar]").hidden = true;
  });
  // One reaction in two seconds: until then the buttons rest, instead of a refusal.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".reacts") || event.target.dataset.resting) return;
    event.target.dataset.resting = "1";
    setTimeout(() => { delete event.target.dataset.resting; }, PAUSE);
  });
  setInterval(() => drawPulse(live.room), 20000); // a choice fades after five minutes
}
