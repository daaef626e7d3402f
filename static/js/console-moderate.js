// Moderating in the console, put together: marks, the dialogs, choosing several, undo, history and settings.
import { startAbout } from "./console-about.js";
import { startFind } from "./console-find.js";
import { startHistory } from "./console-history.js";
import { startMerge } from "./console-merge.js";
import { startUndo } from "./console-undo.js";

const find = (selector, root = document) => root.querySelector(selector);

// The settings as they are, when nobody is changing them.
function fillSettings(settings) {
  const form = find("[data-settings]");
  for (const [name, value] of Object.entries(settings)) {
    const field = form.elements[name];
    if (field) field.value = Array.isArray(value) ? value.join(", ") : value === true ? "1" : value === false ? "0" : value;
  }
}

function startSettings(live) {
  const dialog = find("[data-settings-dialog]");
  find("[data-settings-link]").addEventListener("click", (event) => {
    if (!live.ever) return;
    event.preventDefault();
    fillSettings(live.room.settings);
    dialog.showModal();
  });
  find("[data-settings-shut]").addEventListener("click", () => dialog.close());
  return () => dialog.close();
}

export function startModerating(live, redraw) {
  const finding = startFind(live, redraw);
  const about = startAbout(live);
  const closeMerge = startMerge(live);
  const closeSettings = startSettings(live);
  const undone = startUndo();
  startHistory();
  return {
    fits: finding.fits,
    order: finding.order,
    drawn(changes) {
      about();
      finding.drawBulk();
      if (changes?.settings) finding.drawTags();
    },
    done(answer, command, form) {
      undone(answer, command);
      if (command === "question:bulk") finding.unpick();
      if (command === "room:settings") closeSettings();
      if (form.closest("[data-merge-picker]")) closeMerge();
      if (form.closest("[data-about]")) find("[data-about]").close();
    },
  };
}
