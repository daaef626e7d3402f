// What else one may say to a question: «not for now», or that it shouldn't stand. And the tags that filter the list.
import { voice } from "./state-moderation.js";

const find = (selector, root = document) => root.querySelector(selector);

export function startAbout(live, wish) {
  const dialog = find("[data-about]");
  const down = find("[data-down]", dialog);
  if (dialog.open) {
    dialog.close();
    dialog.showModal();
  }

  function draw() {
    const question = live.room.questions.get(dialog.dataset.q);
    if (!dialog.open || !question) return;
    find("[data-about-text]", dialog).textContent = question.body;
    const stands = question.state !== "answered" && question.state !== "merged" && !question.locked;
    find("[data-down-part]", dialog).hidden = !stands || live.room.mine.has(question.id);
    find("[data-report-part]", dialog).hidden = live.room.mine.has(question.id);
    down.setAttribute("aria-pressed", String(voice(live.room, question.id) < 0));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-about-link]");
    if (!link || !live.ever) return;
    event.preventDefault();
    dialog.dataset.q = link.closest("[data-q]").dataset.q;
    dialog.showModal();
    draw();
  });
  down.closest("form").addEventListener("submit", (event) => {
    if (!live.ever) return;
    event.preventDefault();
    wish(dialog.dataset.q, down.getAttribute("aria-pressed") === "true" ? 0 : -1);
    dialog.close();
  });
  return { draw, close: () => dialog.close() };
}

// One tag at a time; without script each tag is a link that does the same.
export function startTags(live, redraw) {
  const bar = find("[data-tagbar]");
  let chosen = bar.dataset.chosen;

  function draw() {
    const tags = live.room.settings.tags || [];
    if (!tags.includes(chosen)) chosen = "";
    bar.hidden = !tags.length;
    bar.replaceChildren(...tags.map((tag) => {
      const link = find("template[data-tag-link]").content.firstElementChild.cloneNode(true);
      find("span", link).textContent = tag;
      link.href = `?tag=${encodeURIComponent(tag)}`;
      link.dataset.tag = tag;
      if (tag === chosen) link.setAttribute("aria-current", "true");
      return link;
    }));
  }

  bar.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !live.ever) return;
    event.preventDefault();
    chosen = chosen === link.dataset.tag ? "" : link.dataset.tag;
    draw();
    redraw();
  });
  return { draw, fits: (question) => !chosen || question.tags.includes(chosen) };
}
