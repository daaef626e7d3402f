// The projector's poll: the question and how many answered; bars once everybody may see them.
import { answered, drawResults, label, optionCount, resultsOf } from "./poll-draw.js";
import { setHidden, setText } from "./room-draw.js";

const scene = document.querySelector("[data-screen-poll]");
const FREE = new Set(["cloud", "text", "number"]);

export function drawPoll(room, poll) {
  if (!poll) return;
  const results = resultsOf(room, poll);
  setText(scene, "[data-body]", poll.body);
  scene.classList.toggle("scene--full", optionCount(poll) > 4 || poll.body.length + 15 * optionCount(poll) > 110);
  const options = scene.querySelector("[data-options]");
  options.hidden = Boolean(results);
  const count = FREE.has(poll.kind) ? 0 : optionCount(poll);
  options.replaceChildren(...Array.from({ length: count }, (_, i) => {
    const row = document.querySelector("template[data-option-row]").content.firstElementChild.cloneNode(true);
    row.firstElementChild.textContent = label(poll, i);
    return row;
  }));
  drawResults(scene.querySelector("[data-results-place]"), poll, results);
  setHidden(scene, "[data-count-line]", poll.state === "revealed");
  setText(scene, "[data-n]", answered(room, poll));
  setHidden(scene, "[data-of]", !room.on);
  setText(scene, "[data-on]", room.on);
}
