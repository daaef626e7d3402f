// Staff place a question: the player's time goes into the form, and a row's moment is played.
import { bar, clock } from "./player-bar.js";

const place = document.querySelector("[data-place]");
const video = place?.querySelector("video");

if (video) {
  const seek = (to) => { video.currentTime = Math.max(0, to); };
  bar(place.querySelector("[data-player]"), video, { seek });
  const fields = place.querySelectorAll("[data-now-into]");
  video.addEventListener("timeupdate", () => {
    // What somebody is typing stays.
    for (const field of fields) if (document.activeElement !== field && video.currentTime > 0) field.value = clock(video.currentTime);
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
