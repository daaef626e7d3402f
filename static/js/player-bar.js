// The bar under the picture, and the keys. Words stand in the page; this only shows and hides them.
const KEYS = { Space: "toggle", KeyK: "toggle", KeyJ: "back", KeyL: "forward", ArrowLeft: "back5", ArrowRight: "forward5", KeyN: "next",
  KeyP: "previous", KeyC: "captions", KeyM: "mute", KeyF: "full", Comma: "slower", Period: "faster" };

const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };

export function bar(player, video, { clock, length, seek, next = () => {}, previous = () => {} }) {
  const rate = player.querySelector("[data-rate]");
  const tracks = () => [...video.textTracks].filter((track) => track.kind === "captions" || track.kind === "subtitles");
  const when = (name, on) => { for (const part of player.querySelectorAll(`[data-when="${name}"]`)) part.hidden = !on; };

  const acts = {
    toggle: () => (video.paused ? video.play()?.catch(() => {}) : video.pause()),
    back: () => seek(video.currentTime - 10),
    forward: () => seek(video.currentTime + 10),
    back5: () => seek(video.currentTime - 5),
    forward5: () => seek(video.currentTime + 5),
    next,
    previous,
    mute: () => { video.muted = !video.muted; },
    captions: () => {
      const [track] = tracks();
      if (track) track.mode = track.mode === "showing" ? "hidden" : "showing";
      show();
    },
    full: () => (document.fullscreenElement ? document.exitFullscreen() : player.requestFullscreen ? player.requestFullscreen() : video.webkitEnterFullscreen?.()),
    slower: () => step(-1),
    faster: () => step(1),
  };

  function step(by) {
    if (!rate) return;
    rate.selectedIndex = Math.min(rate.length - 1, Math.max(0, rate.selectedIndex + by));
    rate.dispatchEvent(new Event("change"));
  }

  function show() {
    when("playing", !video.paused);
    when("paused", video.paused);
    when("muted", video.muted || video.volume === 0);
    when("sound", !video.muted && video.volume > 0);
    player.querySelector('[data-act="captions"]')?.setAttribute("aria-pressed", String(tracks()[0]?.mode === "showing"));
  }

  function total() {
    for (const element of player.querySelectorAll("[data-total]")) element.textContent = clock(length());
  }

  video.controls = false;
  player.querySelector("[data-bar]").hidden = false;
  player.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act ?? (event.target === video ? "toggle" : "");
    acts[act]?.();
  });
  for (const name of ["play", "pause", "ended", "volumechange"]) video.addEventListener(name, show);
  video.textTracks.addEventListener?.("change", show);
  if (rate) {
    const before = kept("rate");
    if (before && [...rate.options].some((option) => option.value === before)) rate.value = before;
    const set = () => { video.playbackRate = video.defaultPlaybackRate = Number(rate.value); keep("rate", rate.value); };
    rate.addEventListener("change", set);
    set();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=range]), textarea, select, [contenteditable], dialog")) return;
    const act = KEYS[event.code];
    // A button or a link keeps its own space, tabs and the range their arrows.
    if (!act || (event.code === "Space" && event.target.closest("button, a, summary")) || (event.code.startsWith("Arrow") && event.target.closest("[role=tab], [type=range]"))) return;
    event.preventDefault();
    acts[act]();
  });
  total();
  show();
  return { total };
}
