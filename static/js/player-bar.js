// media-chrome's controls under the picture, and keys for the whole page, on any keyboard: the library's own know Latin letters alone.
import "./player-words.js";

const KEYS = { Space: "toggle", KeyK: "toggle", KeyJ: "back", KeyL: "forward", ArrowLeft: "back5", ArrowRight: "forward5", KeyN: "next",
  KeyP: "previous", KeyC: "captions", KeyM: "mute", KeyF: "full", Comma: "slower", Period: "faster", Slash: "search" };
// What stands on a control keeps that control's own keys.
const PRESSED = "button, a, summary, [role=button], [role=switch]";
const MOVED = "[role=tab], [type=range], media-time-range";

const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };

export const clock = (seconds) => {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(Math.floor(seconds % 60)).padStart(2, "0")];
  return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
};

function speeds(rate, video) {
  const before = kept("rate");
  if (before && [...rate.options].some((option) => option.value === before)) rate.value = before;
  const set = () => { video.playbackRate = video.defaultPlaybackRate = Number(rate.value); keep("rate", rate.value); };
  rate.addEventListener("change", set);
  set();
  return (by) => {
    rate.selectedIndex = Math.min(rate.length - 1, Math.max(0, rate.selectedIndex + by));
    set();
  };
}

// MORE: the acts of one page, by name (next, previous, search, help).
export function bar(player, video, { seek, ...more }) {
  const controller = player.querySelector("media-controller");
  const ask = (wish) => controller.dispatchEvent(new CustomEvent(`media${wish}request`));
  const step = speeds(player.querySelector("[data-rate]"), video);
  const acts = {
    toggle: () => ask(video.paused ? "play" : "pause"),
    back: () => seek(video.currentTime - 10),
    forward: () => seek(video.currentTime + 10),
    back5: () => seek(video.currentTime - 5),
    forward5: () => seek(video.currentTime + 5),
    mute: () => ask(video.muted ? "unmute" : "mute"),
    captions: () => ask("togglesubtitles"),
    full: () => ask(document.fullscreenElement ? "exitfullscreen" : "enterfullscreen"),
    slower: () => step(-1),
    faster: () => step(1),
    ...more,
  };

  video.controls = false;
  controller.fullscreenElement = player;
  player.querySelector("[data-bar]").classList.add("is-ready");
  // It says aria-checked, which a button may not.
  player.querySelector("media-captions-button")?.setAttribute("role", "switch");
  player.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=range]), textarea, select, [contenteditable], dialog")) return;
    const act = event.key === "?" ? "help" : KEYS[event.code];
    if (!acts[act] || (event.code === "Space" && event.target.closest(PRESSED)) || (event.code.startsWith("Arrow") && event.target.closest(MOVED))) return;
    event.preventDefault();
    acts[act]();
  });
}
