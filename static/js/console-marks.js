// What moderators see of a question besides its words: tags, edited, locked, reported, "not for now", joined, who only reads.
import { setHidden, setText } from "./room-draw.js";

const find = (selector, root = document) => root.querySelector(selector);

export const joinedWith = (room, id) => [...room.questions.values()].filter((question) => question.into?.id === id).length;

export function putTags(holder, tags) {
  if (!holder || holder.dataset.shown === tags.join("\n")) return;
  holder.dataset.shown = tags.join("\n");
  holder.replaceChildren(...tags.map((tag) => {
    const chip = find("template[data-tag-of]").content.firstElementChild.cloneNode(true);
    setText(chip, "[data-tag-word]", tag);
    return chip;
  }));
}

export function drawMarks(row, room, question) {
  const downs = room.downs.get(question.id) || 0;
  const joined = joinedWith(room, question.id);
  putTags(find("[data-tags]", row), question.tags || []);
  setText(row, "[data-reports]", question.reports?.length || 0);
  setText(row, "[data-downs]", downs);
  setText(row, "[data-joined]", joined);
  const shown = {
    post: question.watch === "post" && question.state === "open",
    words: question.watch === "words" && question.state === "pending",
    edited: question.edited,
    locked: question.locked,
    reports: question.reports?.length,
    downs,
    joined,
    banned: room.bans.includes(question.id),
  };
  for (const [name, yes] of Object.entries(shown)) setHidden(row, `[data-mark="${name}"]`, !yes);
  const pick = find("[data-pick]", row);
  if (pick) pick.value = `${question.id}:${question.rev}`;
  for (const no of row.querySelectorAll(".pick [data-no]")) no.textContent = question.no;
  setText(row, "[data-into-no]", question.into?.no ?? "");
  for (const link of row.querySelectorAll("[data-about-link]")) link.href = `?about=${question.id}#about`;
  for (const link of row.querySelectorAll("[data-merge]")) link.href = link.href.replace(/questions\/[^/]+\//, `questions/${question.id}/`);
}
