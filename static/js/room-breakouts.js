// Work in groups on the phone: a seat taken by itself, the way there, the clock, and what the group brings back.
import { setHidden, setText } from "./room-draw.js";
import { clockLeft, ownGroup } from "./state-breakouts.js";

const $ = (selector, root = document) => root.querySelector(selector);
const part = $("[data-groups]");
const SPREAD = 1500; // ms in which a whole room sits down

function tellTime() {
  const place = $("[data-groups-clock]", part);
  if (!place.dataset.ends) return setText(part, "[data-groups-clock]", "");
  const left = clockLeft(place.dataset.ends);
  place.textContent = left ? part.dataset.left.replace("{clock}", left) : part.dataset.over;
}

let seated = null; // the breakout in which this page has asked for a seat
function sitDown(live) {
  const { breakout, role } = live.room;
  if (!breakout?.open || role !== "learner" || live.room.banned || ownGroup(live.room) || seated === breakout.no) return;
  seated = breakout.no;
  setTimeout(async () => {
    const answer = await live.send("breakout:sit", {});
    if (answer.ok) live.note(answer.r);
  }, Math.random() * SPREAD);
}

export function drawGroups(live) {
  const { breakout } = live.room;
  const no = ownGroup(live.room);
  const group = breakout?.groups.find((one) => one.no === no);
  part.hidden = !breakout || !(breakout.open || group) || live.room.state !== "open";
  if (!breakout) return;
  $("[data-groups-clock]", part).dataset.ends = breakout.open ? breakout.ends : "";
  tellTime();
  setText(part, "[data-groups-task]", breakout.task);
  setHidden(part, "[data-groups-open]", !breakout.open);
  setHidden(part, "[data-groups-closed]", breakout.open || !group);
  setHidden(part, "[data-groups-mine]", !group);
  setText(part, "[data-groups-no]", no ?? "");
  const link = $("[data-groups-link]", part);
  link.hidden = !group?.link;
  link.href = group?.link || "";
  setHidden(part, "[data-groups-sit]", Boolean(group));
  setHidden(part, "[data-groups-move]", !group);
  setHidden(part, "[data-groups-bring]", !group || group.brought);
  setHidden(part, "[data-groups-brought]", !group?.brought);
  const choices = $("[data-groups-choices]", part);
  if (choices && choices.options.length !== breakout.groups.length) choices.replaceChildren(...breakout.groups.map((one) => new Option(one.no, one.no)));
  if (choices && document.activeElement !== choices) choices.value = no ?? 1;
  sitDown(live);
}

export function startGroups() {
  setInterval(tellTime, 1000);
}
