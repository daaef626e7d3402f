// The record: a press on a question's link copies it. Without script, or without a clipboard, it is a link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copy-link]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const word = link.querySelector("span");
  const before = word.textContent;
  try {
    await navigator.clipboard.writeText(link.href);
    word.textContent = link.dataset.done;
    setTimeout(() => { word.textContent = before; }, 2500);
  } catch {
    location.assign(link.href);
  }
});
