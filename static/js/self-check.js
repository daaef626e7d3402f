// Answers a form in place: posts it, takes the named section out of the page that comes back, and puts it where it stands.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-in-place]");
  if (!form) return;
  event.preventDefault();
  event.submitter?.setAttribute("aria-busy", "true");
  const id = form.dataset.inPlace;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const section = page.getElementById(id);
    if (!answer.ok || !section) throw new Error(answer.status);
    document.getElementById(id).replaceWith(section);
    section.focus({ preventScroll: true });
    section.scrollIntoView({ block: "start" });
  } catch {
    form.removeAttribute("data-in-place");
    form.submit();
  }
}, true);
