// Where captions are typed: Enter sends the line, and the next one can be written at once.
import { Live } from "./live.js";
import { drawCaptions } from "./room-captions.js";
import { showError, takeForms } from "./room-forms.js";

const form = document.querySelector("[data-caption-form]");
const box = form.querySelector("textarea");
const place = document.querySelector("[data-captions]");

const live = new Live({
  code: document.querySelector("[data-room]").dataset.room,
  changed: (room, changes) => { if (changes.lines) drawCaptions(room, place, 12); },
  status: () => undefined,
});

takeForms(live, {
  refused: (_form, answer) => showError(form, answer.msg),
  done: () => {
    form.reset();
    box.focus();
  },
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
