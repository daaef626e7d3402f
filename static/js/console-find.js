// Finding and choosing in the console: search, tags, the order of the queue, and one act on several questions.
import { bare } from "./room-draw.js";
import { roomOrder } from "./state-questions.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export function startFind(live, redraw) {
  const search = find("[data-find]");
  const bulk = find("[data-bulk]");
  const tagbar = find("[data-tagbar]");
  const select = find("[data-order]");
  let chosen = new URLSearchParams(location.search).has("order");
  let tag = "";

  function fits(question) {
    const words = bare(`${question.no} ${question.body} ${question.by || ""}`);
    const wanted = bare(search.value.trim());
    return (!tag || question.tags.includes(tag)) && (!wanted || wanted.split(/\s+/).every((word) => words.includes(word)));
  }

  function drawTags() {
    const tags = live.room.settings.tags || [];
    tagbar.hidden = !tags.length;
    if (!tags.includes(tag)) tag = "";
    tagbar.replaceChildren(...tags.map((word) => {
      const button = find("template[data-tag-button]").content.firstElementChild.cloneNode(true);
      find("span", button).textContent = word;
      button.value = word;
      button.setAttribute("aria-pressed", String(word === tag));
      return button;
    }));
    const choose = find("[data-bulk-tag]");
    const first = choose.firstElementChild;
    choose.replaceChildren(first, ...tags.map((word) => new Option(word, word)));
  }

  // Which rows are chosen; the bar stands only while some are.
  function drawBulk() {
    const picked = all("[data-pick]:checked").filter((box) => box.closest("[data-q]").offsetParent);
    bulk.hidden = !picked.length;
    find("[data-bulk-n]", bulk).textContent = picked.length;
    for (const box of all("[data-pick]")) box.closest("[data-q]").classList.toggle("is-picked", box.checked);
  }

  search.addEventListener("input", () => redraw());
  tagbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    tag = tag === button.value ? "" : button.value;
    drawTags();
    redraw();
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-pick]")) drawBulk(); });
  find("[data-bulk-none]", bulk).addEventListener("click", () => unpick());

  function unpick() {
    for (const box of all("[data-pick]:checked")) box.checked = false;
    drawBulk();
  }

  // The queue stands in the room's order until this moderator chooses another.
  const order = () => {
    if (!chosen && live.room) select.value = roomOrder(live.room);
    return select.value;
  };
  select.addEventListener("change", () => {
    chosen = true;
    redraw(true);
  });

  return { fits, unpick, drawBulk, drawTags, order };
}
