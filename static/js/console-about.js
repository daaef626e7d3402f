// All about one question: the dialog with every act, filled for the question it was opened for.
import { drawMarks } from "./console-marks.js";
import { setHidden, setText } from "./room-draw.js";
import { showError } from "./room-forms.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const DISMISSIBLE = ["pending", "open", "later"];

function tagChoices(dialog, room, question) {
  const holder = find("[data-tag-choices]", dialog);
  holder.replaceChildren(...(room.settings.tags || []).map((tag) => {
    const choice = find("template[data-tag-choice]").content.firstElementChild.cloneNode(true);
    const box = find("input", choice);
    box.value = tag;
    box.checked = question.tags.includes(tag);
    find("span", choice).textContent = tag;
    return choice;
  }));
}

function lines(holder, texts) {
  holder.replaceChildren(...texts.map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  }));
}

export function startAbout(live) {
  const dialog = find("[data-about]");
  if (dialog.open && !dialog.matches(":modal")) {
    dialog.close();
    if (dialog.dataset.q) dialog.showModal();
  }

  // What changes while it is open; what is being typed stays.
  function draw() {
    const question = live.room.questions.get(dialog.dataset.q);
    if (!dialog.open || !question) return;
    setText(dialog, "[data-no]", question.no);
    setText(dialog, "[data-text]", question.body);
    drawMarks(dialog, live.room, question);
    setHidden(dialog, "[data-original-block]", !question.original);
    setText(dialog, "[data-original]", question.original || "");
    setHidden(dialog, "[data-reports-block]", !question.reports.length);
    lines(find("[data-report-reasons]", dialog), question.reports);
    const banned = live.room.bans.includes(question.id);
    const shown = { lock: !question.locked, unlock: question.locked, unmerge: question.state === "merged", ban: !banned, unban: banned,
      hide_picture: question.picture && !question.picture.hidden, show_picture: question.picture?.hidden };
    for (const button of all("[data-op]", dialog)) button.hidden = !shown[button.dataset.op];
    setHidden(dialog, "[data-dismiss]", !DISMISSIBLE.includes(question.state));
    for (const form of all("form[data-command]", dialog)) {
      form.action = form.action.replace(/questions\/[^/]+\//, `questions/${question.id}/`);
      find("[data-rev]", form).value = question.rev;
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-about-link]");
    if (!link || !live.ever) return;
    event.preventDefault();
    const question = live.room.questions.get(link.closest("[data-q]").dataset.q);
    dialog.dataset.q = question.id;
    find("[data-about-body]", dialog).value = question.body;
    find("#about-tag").value = "";
    tagChoices(dialog, live.room, question);
    showError(dialog, "");
    dialog.showModal();
    draw();
  });

  return draw;
}
