// "Only this answer": the film stops where the answer ends, unless one went elsewhere meanwhile. #t=10,25 and ?until= say it too.
const part = () => {
  const [, from, to] = /[#&]t=([\d.]+),([\d.]+)/.exec(location.hash) ?? [];
  return to === undefined ? null : { from: Number(from), to: Number(to) };
};

// Removed parts are passed over, whichever way one comes into them.
function skip(video, parts) {
  const pass = () => {
    const gone = parts.find(([first, last]) => video.currentTime >= first && video.currentTime < last - 0.05);
    if (!gone) return;
    if (gone[1] < (video.duration || Infinity) - 0.1) video.currentTime = gone[1];
    else { video.pause(); video.currentTime = Math.max(0, gone[0] - 0.1); }
  };
  if (parts.length) for (const kind of ["timeupdate", "seeking", "loadedmetadata"]) video.addEventListener(kind, pass);
}

export function clip(page, video) {
  const { until, start, removed } = page.dataset;
  skip(video, JSON.parse(removed ?? "[]"));
  let wanted = part() ?? (until ? { from: Number(start), to: Number(until) } : null);

  const inside = (now) => wanted && now >= wanted.from - 1 && now <= wanted.to + 1;

  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-at]");
    if (link) wanted = link.dataset.until ? { from: Number(link.dataset.at), to: Number(link.dataset.until) } : null;
  });
  video.addEventListener("timeupdate", () => {
    if (!wanted || video.seeking || video.currentTime < wanted.to) return;
    if (inside(video.currentTime)) video.pause();
    wanted = null;
  });
  video.addEventListener("seeked", () => { if (!inside(video.currentTime)) wanted = null; });
  addEventListener("hashchange", () => { wanted = part(); });
}
