// The receipt on the projector, from what the room said when it closed.
const SUMS = { answered: (receipt) => receipt.live + receipt.written };

export function drawReceipt(room) {
  const { receipt } = room;
  if (!receipt) return;
  for (const place of document.querySelectorAll("[data-receipt] [data-fate]")) {
    const { fate } = place.dataset;
    const n = SUMS[fate] ? SUMS[fate](receipt) : receipt[fate];
    place.querySelector("dd").textContent = n;
    place.hidden = !n && !("always" in place.dataset);
    if (fate === "vanished") place.classList.toggle("is-zero", !n);
  }
}
