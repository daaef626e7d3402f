// The offline edition: a moment is a click away, the picture and the line follow the sound. No module: browsers refuse those in a folder.
(() => {
  const sound = document.querySelector("audio");
  const still = document.querySelector("[data-stills]");
  const stills = JSON.parse(still?.dataset.stills ?? "[]");
  const links = [...document.querySelectorAll("[data-at]")];
  const lists = [...document.querySelectorAll("section[aria-labelledby]")].map((list) => [...list.querySelectorAll("[data-at]")]);
  const at = (link) => Number(link.dataset.at);

  function seek(to) {
    sound.currentTime = to;
    sound.play().catch(() => {});
  }

  for (const link of links) link.addEventListener("click", (event) => { event.preventDefault(); seek(at(link)); });

  function draw() {
    const now = sound.currentTime;
    const picture = stills.findLast(([second]) => second <= now + 0.05);
    if (picture) {
      const [, sheet, x, y, width, height] = picture;
      still.hidden = false;
      still.style.width = `${width}px`;
      still.style.height = `${height}px`;
      still.style.background = `url(pictures/${sheet}.webp) -${x}px -${y}px`;
    }
    for (const list of lists) {
      const here = list.findLast((link) => at(link) <= now + 0.3);
      for (const link of list) {
        if (link === here && now > 0) link.parentElement.setAttribute("aria-current", "true");
        else link.parentElement.removeAttribute("aria-current");
      }
    }
  }

  sound.addEventListener("timeupdate", draw);
  sound.addEventListener("seeking", draw);
  draw();
})();
