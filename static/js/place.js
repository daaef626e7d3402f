// Staff place a question: the player's time goes into the form, and a row's moment is played.
import { bar } from "./player-bar.js";

const place = document.querySelector("[data-place]");
const video = place?.querySelector("video");
const clock = (seconds) => {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(Math.floor(seconds % 60)).padStart(2, "0")];
  return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
};

if (video) {
  const player = place.querySelector("[data-player]");
  const length = () => (Number.isFinite(video.duration) ? video.duration : 0);
  const seek = (to) => { video.currentTime = Math.max(0, to); };
  const controls = bar(player, video, { clock, length, seek });
  const field = place.querySelector("[data-now-into]");
  video.addEventListener("durationchange", () => controls.total());
  video.addEventListener("timeupdate", () => {
    for (const element of player.querySelectorAll("[data-now]")) element.textContent = clock(video.currentTime);
    // What somebody typed stays.
    if (field && document.activeElement !== field && video.currentTime > 0) field.value = clock(video.currentTime);
  });
  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-at]");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    seek(Number(link.dataset.at));
    video.play()?.catch(() => {});
    video.scrollIntoView({ block: "center" });
  });
}
