// The captions' editor: play a line, take its times from the film, all by the keyboard. The form works without this.
import { bar } from "./player-bar.js";
import { lines as rows, written } from "./captions-rows.js";
import { draft } from "./captions-draft.js";

const page = document.querySelector("[data-editor]");
const video = page?.querySelector("video");

function edit() {
  let changed = () => {};
  const lines = rows(page, () => changed());
  changed = draft(page, lines);
  const form = page.querySelector("[data-lines]");
  const list = page.querySelector("[data-keys]");
  let until = Infinity; // a line that is played ends by itself

  const seek = (to) => { until = Infinity; video.currentTime = Math.max(0, to); };
  const help = () => { list.open = !list.open; if (list.open) list.querySelector("summary").focus(); };
  bar(page.querySelector("[data-player]"), video, { seek, help });

  const rowOf = (target) => target.closest?.("[data-cue]");
  const play = (row) => {
    const [start, end] = [lines.time(row, "start"), lines.time(row, "end")];
    if (Number.isNaN(start)) return;
    seek(start);
    until = end > start ? end : Infinity;
    video.play()?.catch(() => {});
  };
  const take = (row, name) => { lines.field(row, name).value = written(video.currentTime); lines.check(); changed(); };
  const go = (row) => { if (row) { lines.field(row, "text").focus(); row.scrollIntoView({ block: "nearest" }); } };
  const caret = (row) => (document.activeElement === lines.field(row, "text") ? document.activeElement.selectionStart : 0);
  const acts = { split: (row) => lines.split(row, 0, video.currentTime), join: lines.join, add: lines.add, drop: lines.drop };

  page.addEventListener("click", (event) => {
    const link = event.target.closest("[data-play]");
    if (link && !event.metaKey && !event.ctrlKey) { event.preventDefault(); play(rowOf(link)); }
    const act = acts[event.target.closest("button[name=act]")?.value.split(":")[0]];
    if (act) { event.preventDefault(); act(rowOf(event.target)); }
  });

  // On any keyboard: keys by their place, not their letter.
  function keyed(event, row) {
    if (event.key === "Escape") return () => (video.paused ? video.play()?.catch(() => {}) : video.pause());
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyS") return () => form.requestSubmit(form.querySelector("[value=save]"));
    if (!row) return null;
    if (event.ctrlKey && event.key === "Enter") return () => play(row);
    if (!event.altKey) return null;
    return {
      Comma: () => take(row, "start"),
      Period: () => take(row, "end"),
      ArrowUp: () => go(row.previousElementSibling),
      ArrowDown: () => go(row.nextElementSibling),
      Enter: () => lines.split(row, caret(row), video.currentTime),
    }[event.code];
  }
  page.addEventListener("keydown", (event) => {
    const act = keyed(event, rowOf(event.target));
    if (!act || document.fullscreenElement) return;
    event.preventDefault();
    act();
  });

  form.addEventListener("input", lines.check);
  form.addEventListener("submit", (event) => {
    lines.check();
    const wrong = lines.wrong();
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    lines.field(wrong, "start").focus();
  }, { capture: true });

  video.addEventListener("timeupdate", () => {
    const now = video.currentTime;
    if (now >= until) { video.pause(); until = Infinity; }
    for (const row of lines.all()) row.classList.toggle("is-here", lines.time(row, "start") <= now && now < lines.time(row, "end"));
  });
  lines.check();
}

if (video) edit();
