// The file itself plays first. Its HLS is for browsers that can't play the file, and for poor lines when there are lighter renditions;
// the library for it is fetched only then, and only where the browser doesn't know HLS itself.
const KIND = "application/vnd.apple.mpegurl";
const NO_SOURCE = 3;

const poor = ({ connection } = navigator) => Boolean(connection?.saveData || /2g|3g/.test(connection?.effectiveType ?? ""));

async function change(video, address) {
  const at = video.currentTime || Number(/#t=([\d.]+)/.exec(video.querySelector("source").src)?.[1] ?? 0);
  if (video.canPlayType(KIND)) {
    video.src = address;
    video.addEventListener("loadedmetadata", () => { video.currentTime = at; }, { once: true });
  } else {
    const { default: Hls } = await import("../vendor/hls.js");
    if (!Hls.isSupported()) return;
    const line = new Hls({ startPosition: at, enableWorker: false, capLevelToPlayerSize: true });
    line.loadSource(address);
    line.attachMedia(video);
  }
  await video.play();
}

export function hls(player, video) {
  const { hls: address, rungs } = player.dataset;
  if (!address) return;
  video.addEventListener("play", () => {
    if (video.networkState === NO_SOURCE || (Number(rungs) > 1 && poor())) change(video, address).catch(() => {});
  }, { once: true });
}
