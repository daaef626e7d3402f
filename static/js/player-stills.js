// A small picture above the line, of the second that the pointer or the keys are at.
import { clock } from "./player-bar.js";

export function stills(line, video, length) {
  const track = video.querySelector("track[label=thumbnails]");
  const box = line?.querySelector("[data-still]");
  if (!track || !box) return;

  function show(second) {
    const cue = [...(track.track.cues ?? [])].find(({ startTime, endTime }) => startTime <= second && second < endTime);
    const [, sheet, x, y, width, height] = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/.exec(cue?.text ?? "") ?? [];
    box.hidden = !sheet;
    if (!sheet) return;
    box.style.background = `url("${new URL(sheet, track.src)}") -${x}px -${y}px`;
    box.style.width = `${width}px`;
    box.style.height = `${height}px`;
    box.style.left = `clamp(0px, calc(${(100 * second) / length()}% - ${width / 2}px), calc(100% - ${width}px))`;
    box.firstElementChild.textContent = clock(second);
  }

  const hide = () => { box.hidden = true; };
  line.addEventListener("pointermove", (event) => {
    const { left, width } = line.getBoundingClientRect();
    show(length() * Math.min(0.9999, Math.max(0, (event.clientX - left) / width)));
  });
  line.addEventListener("pointerleave", hide);
  const range = line.querySelector("[data-seek]");
  range.addEventListener("input", () => show(Number(range.value)));
  range.addEventListener("blur", hide);
}
