// The seat clock: twelve seats of ten minutes since the room opened. The server drew it; this keeps it going.
const NEXT = 20000;

export function startClock() {
  const clock = document.querySelector("[data-seat-clock]");
  const opened = Date.parse(document.querySelector("[data-opened]")?.dataset.opened);
  if (!clock || !opened) return;
  const total = 120;
  const seats = [...clock.querySelectorAll("circle")];
  const draw = () => {
    const minute = Math.min(total, Math.max(0, Math.floor((Date.now() - opened) / 60000)));
    const here = Math.floor((minute * 12) / total);
    seats.forEach((seat, i) => {
      seat.setAttribute("class", i < here ? "past" : i === here ? "here" : "left");
      seat.setAttribute("r", i > here ? 2.6 : 3.2);
    });
    clock.querySelector("text").textContent = `${total - minute}′`;
    clock.setAttribute("aria-label", clock.getAttribute("aria-label").replace(/\d+/, minute));
  };
  setInterval(draw, NEXT);
  draw();
}
