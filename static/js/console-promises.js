// Promises on the host's console: the list as the room knows it, from the server's own markup.
import { setText } from "./room-draw.js";

const holder = document.querySelector("[data-promises]");

function drawRow(row, promise) {
  row.dataset.promise = promise.id;
  setText(row, "[data-promise-text]", promise.body);
  setText(row, "[data-promise-by]", promise.by || holder.dataset.wordNobody);
  for (const place of row.querySelectorAll("[data-kept]")) place.hidden = !promise.done;
  for (const place of row.querySelectorAll("[data-not-kept]")) place.hidden = promise.done;
  const form = row.querySelector("form");
  form.action = form.action.replace(/promises\/[^/]+\//, `promises/${promise.id}/`);
  row.querySelector("[data-promise-id]").value = promise.id;
  row.querySelector("[data-promise-on]").value = promise.done ? 0 : 1;
  return row;
}

export function drawPromises(room) {
  const rows = holder.querySelector("[data-promise-rows]");
  const known = new Map([...rows.children].map((row) => [row.dataset.promise, row]));
  const fresh = () => holder.querySelector("template[data-promise-row]").content.firstElementChild.cloneNode(true);
  for (const promise of room.promises.values()) {
    const row = drawRow(known.get(promise.id) || fresh(), promise);
    if (!row.parentNode) rows.append(row);
  }
  setText(holder, "[data-promises-count]", room.promises.size);
}

// A promise is noted: the form is ready for the next one.
export function promiseDone(form, command) {
  if (command === "promise:make") form.reset();
}
