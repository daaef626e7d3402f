// Where one stopped and which ten-second pieces one has seen: told to the server for who is signed in, else kept in this browser.
const PIECE = 10;
const EVERY = 10_000;

export function keep(page, video) {
  const { position, token, key } = page.dataset;
  const name = `place-${key}`;
  const fresh = new Set();
  let since = null; // media time since which it has been playing without a jump
  let told = -1;

  // A piece counts when most of it was played.
  function note() {
    if (since === null) return;
    const now = video.currentTime;
    if (now < since) { since = now; return; }
    for (let piece = Math.floor(since / PIECE); piece <= Math.floor(now / PIECE); piece += 1) {
      const end = Math.min((piece + 1) * PIECE, video.duration || Infinity);
      const played = Math.min(now, end) - Math.max(since, piece * PIECE);
      if (played >= Math.min(PIECE, end - piece * PIECE) * 0.8) fresh.add(piece);
    }
    // Keep the beginning of the piece that is still playing.
    since = Math.max(since, Math.floor(now / PIECE) * PIECE);
  }

  function tell(leaving) {
    note();
    const now = video.currentTime;
    if (!fresh.size && Math.abs(now - told) < 1) return;
    told = now;
    if (!position) {
      try { localStorage.setItem(name, String(now)); } catch { /* private window */ }
      return;
    }
    const form = new FormData();
    form.set("seconds", now.toFixed(1));
    form.set("seen", [...fresh].join(","));
    form.set("csrf_token", token);
    const sent = [...fresh];
    if (leaving) {
      navigator.sendBeacon(position, form);
      fresh.clear();
      return;
    }
    fetch(position, { method: "POST", body: form, headers: { Accept: "application/json" } })
      .then((answer) => { if (answer.ok) for (const piece of sent) fresh.delete(piece); })
      .catch(() => {});
  }

  video.addEventListener("playing", () => { since = video.currentTime; });
  video.addEventListener("timeupdate", () => { if (!video.seeking) note(); });
  video.addEventListener("seeking", () => { since = null; });
  video.addEventListener("seeked", () => { since = video.paused ? null : video.currentTime; });
  video.addEventListener("pause", () => { tell(false); since = null; });
  video.addEventListener("ended", () => tell(false));
  setInterval(() => { if (!video.paused) tell(false); }, EVERY);
  addEventListener("pagehide", () => tell(true));

  return {
    // What this browser kept; nothing when it was nearly the end.
    before(length) {
      let stored = 0;
      try { stored = Number(localStorage.getItem(name)) || 0; } catch { /* private window */ }
      return stored < 0.95 * length ? stored : 0;
    },
  };
}
