// Work in groups on the console: the clock, how many sit where, who has brought something back.
import { setHidden, setText } from "./room-draw.js";
import { clockLeft } from "./state-breakouts.js";

const $ = (selector, root = document) => root.querySelector(selector);
const part = $("[data-console-groups]");
const rows = $("[data-group-rows]", part);

function tellTime() {
  const place = $("[data-groups-clock]", part);
  const left = place.dataset.ends && clockLeft(place.dataset.ends);
  place.textContent = left ? part.dataset.left.replace("{clock}", left) : place.dataset.ends ? part.dataset.over : "";
}

export function drawGroups(room) {
  const { breakout } = room;
  const runs = Boolean(breakout?.open);
  setHidden(part, "[data-groups-running]", !runs);
  setHidden(part, "[data-groups-form]", runs);
  $("[data-groups-clock]", part).dataset.ends = runs ? breakout.ends : "";
  tellTime();
  if (!breakout) return;
  setText(part, "[data-groups-task]", breakout.task);
  const sizes = room.seated.of === breakout.no ? room.seated.sizes : new Map();
  rows.replaceChildren(...breakout.groups.map((group) => {
    const row = $("template[data-group-row]").content.firstElementChild.cloneNode(true);
    row.dataset.group = group.no;
    setText(row, "[data-group-no]", group.no);
    setText(row, "[data-group-n]", sizes.get(group.no) || 0);
    setHidden(row, "[data-group-brought]", !group.brought);
    setHidden(row, "[data-group-link]", !group.link);
    $("[data-group-link]", row).href = group.link;
    return row;
  }));
}

setInterval(tellTime, 1000);
