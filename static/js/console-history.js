// The fold with what moderators did: asked for when it is opened, as lines the server has put into words.
import { setText } from "./room-draw.js";

const find = (selector, root = document) => root.querySelector(selector);

function line(act) {
  const row = find("template[data-act-of]").content.firstElementChild.cloneNode(true);
  row.classList.toggle("is-undone", act.undone);
  setText(row, "[data-act-what]", act.what);
  setText(row, "[data-act-who]", act.who);
  setText(row, "[data-act-at]", act.time);
  find("[data-act-undone]", row).hidden = !act.undone;
  for (const { before, after } of act.questions) {
    if (before === after) continue;
    const words = document.createElement("p");
    words.className = "small human";
    const [old, fresh] = [document.createElement("del"), document.createElement("ins")];
    [old.textContent, fresh.textContent] = [before, after];
    words.append(old, " ", fresh);
    find("[data-act-words]", row).append(words);
  }
  return row;
}

export function startHistory() {
  const fold = find("[data-history]");
  const link = find("a", fold);
  fold.addEventListener("toggle", async () => {
    if (!fold.open) return;
    const answer = await fetch(link.href, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) find("ol", fold).replaceChildren(...(await answer.json()).acts.slice(0, 20).map(line));
  });
}
