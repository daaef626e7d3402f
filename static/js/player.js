// The recording: its controls, the line of questions, keys, links to moments, and where one stopped.
import { bar, clock } from "./player-bar.js";
import { search } from "./player-text.js";
import { keep } from "./player-place.js";
import { clip } from "./player-clip.js";
import { ask } from "./player-ask.js";
import { hls } from "./player-hls.js";
import { stills } from "./player-stills.js";

const page = document.querySelector("[data-recording]");
const video = page?.querySelector("[data-player] video");

// "1h2m3s", "3723", "62:03": the same forms that the server takes.
function seconds(text) {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s?)?$/.exec(text);
  if (parts) return (parts[1] || 0) * 3600 + (parts[2] || 0) * 60 + Number(parts[3] || 0);
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) || 0;
}

// A media fragment (#t=10,25) names a moment too.
const fragment = () => /[#&]t=([^,&]+)/.exec(location.hash)?.[1];

function watch() {
  const length = () => (Number.isFinite(video.duration) ? video.duration : Number(page.dataset.duration)) || 1;
  const moments = [...page.querySelectorAll(".moment__at[data-at]")];
  const cues = [...page.querySelectorAll("[data-script] a[data-at]")];
  const at = (link) => Number(link.dataset.at);
  const last = (links, now) => links.findLast((link) => at(link) <= now + 0.3);
  const line = page.querySelector("[data-line]");
  const range = line?.querySelector("[data-seek]");
  const seats = line ? [...line.querySelectorAll("[data-seat]")] : [];
  const here = page.querySelector("[data-here]");
  const cites = page.querySelectorAll("[data-cite]");
  let shown = -1;

  function seek(to, play = false) {
    video.currentTime = Math.min(Math.max(0, to), Math.max(0, length() - 0.1));
    if (play) video.play()?.catch(() => {});
  }

  const mark = (links, chosen, box) => {
    for (const link of links) link.closest(box).classList.toggle("is-here", link === chosen);
  };

  function draw() {
    const now = video.currentTime;
    if (line) {
      const x = `${Math.min(100, (100 * now) / length())}%`;
      line.querySelector("[data-played]").setAttribute("width", x);
      for (const name of ["x1", "x2"]) line.querySelector("[data-head]").setAttribute(name, x);
      range.value = String(Math.floor(now));
      range.setAttribute("aria-valuetext", clock(now));
    }
    if (here) here.href = `?t=${Math.floor(now)}`;
    for (const link of cites) link.search = `?t=${Math.floor(now)}`;
    const current = last(moments, now);
    if (current === moments[shown] && shown >= 0 && !cues.length) return;
    shown = moments.indexOf(current);
    mark(moments, current, ".moment");
    mark(cues, last(cues, now), "p");
    seats.forEach((seat, i) => { seat.classList.toggle("here", i === shown); seat.classList.toggle("said", i !== shown); });
  }

  const next = () => moments.find((link) => at(link) > video.currentTime + 0.5);
  const before = () => moments.findLast((link) => at(link) < video.currentTime - 2);
  const go = (link) => { if (link) { seek(at(link)); link.closest(".moment").scrollIntoView({ block: "nearest" }); } };

  const list = page.querySelector("[data-keys]");
  const help = () => { list.open = !list.open; if (list.open) list.querySelector("summary").focus(); };

  bar(page.querySelector("[data-player]"), video, { seek, next: () => go(next()), previous: () => go(before()), search: search(page), help });

  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-at]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    seek(at(link), true);
    if (!video.closest("[data-player]").contains(document.activeElement)) video.scrollIntoView({ block: "nearest" });
  });
  if (range) {
    range.hidden = false;
    range.max = String(Math.floor(length()));
    range.addEventListener("input", () => seek(Number(range.value)));
  }
  video.addEventListener("timeupdate", draw);
  video.addEventListener("seeking", draw);
  video.addEventListener("durationchange", () => { if (range) range.max = String(Math.floor(length())); draw(); });

  clip(page, video);
  ask(page, video);
  hls(page.querySelector("[data-player]"), video);
  stills(line, video, length);
  const place = keep(page, video);
  const named = fragment();
  const start = named ? seconds(named) : page.dataset.asked !== undefined || page.dataset.position ? Number(page.dataset.start) : place.before(length());
  const begin = () => { if (start > 0) seek(start); draw(); };
  if (start > 0 && !named && page.dataset.asked === undefined) page.querySelector("[data-resumed]").hidden = false;
  if (video.readyState > 0) begin();
  else video.addEventListener("loadedmetadata", begin, { once: true });
  addEventListener("hashchange", () => { if (fragment()) seek(seconds(fragment()), true); });
}

// The link to this moment, copied with its address whole.
const copy = page?.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(page.querySelector("[data-here]").href);
    page.querySelector("[data-copied]").hidden = false;
  });
}

if (video) {
  // Here the whole is played and its removed parts are passed over, so that every second means what it means elsewhere.
  if (page.dataset.whole) video.src = page.dataset.whole;
  watch();
}
