// Joining a question with another: a picker that finds by number or by words and says how many voices both have together.
import { bare, setText } from "./room-draw.js";
import { showError } from "./room-forms.js";

const find = (selector, root = document) => root.querySelector(selector);

export function startMerge(live) {
  const dialog = find("[data-merge-picker]");
  const form = find("form", dialog);
  const search = find("[data-merge-find]", dialog);
  const holder = find("[data-merge-choices]", dialog);

  function row(choice, n) {
    const element = find("template[data-merge-choice]").content.firstElementChild.cloneNode(true);
    find("input", element).value = choice.id;
    setText(element, "[data-choice-no]", choice.no);
    setText(element, "[data-choice-body]", choice.body);
    setText(element, "[data-choice-sum]", `${n} + ${choice.n} → ${choice.joined}`);
    element.dataset.words = bare(`${choice.no} ${choice.body}`);
    return element;
  }

  function filter() {
    const wanted = bare(search.value.trim());
    const rows = [...holder.querySelectorAll(".choice")];
    for (const one of rows) one.hidden = !wanted.split(/\s+/).every((word) => one.dataset.words.includes(word));
    const left = rows.filter((one) => !one.hidden);
    find("[data-merge-none]", dialog).hidden = left.length > 0;
    const chosen = find("input:checked", holder);
    if (chosen?.closest(".choice").hidden) chosen.checked = false;
    // One that is left is meant: Enter joins.
    if (left.length === 1) find("input", left[0]).checked = true;
  }

  async function open(link) {
    const question = live.room.questions.get(link.closest("[data-q]").dataset.q);
    const answer = await fetch(link.href, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || !question) return location.assign(link.href);
    const { n, choices } = await answer.json();
    dialog.dataset.q = question.id;
    setText(dialog, "[data-merge-text]", question.body);
    find("[data-rev]", form).value = question.rev;
    form.action = form.action.replace(/questions\/[^/]+\//, `questions/${question.id}/`);
    for (const old of holder.querySelectorAll(".choice")) old.remove();
    holder.append(...choices.map((choice) => row(choice, n)));
    search.value = "";
    filter();
    showError(form, "");
    dialog.showModal();
    search.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-merge]");
    if (!link || !live.ever) return;
    event.preventDefault();
    open(link);
  });
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      find(".choice:not([hidden]) input", holder)?.focus();
    }
  });
  find("[data-merge-shut]", dialog).addEventListener("click", () => dialog.close());
  return () => dialog.close();
}
