// On the phone: what was promised, and whether it was kept.
import { setHidden, setText } from "./room-draw.js";

const find = (selector) => document.querySelector(selector);

function drawPromise(promise) {
  const row = find("template[data-promise-row]").content.firstElementChild.cloneNode(true);
  row.dataset.promise = promise.id;
  setText(row, "[data-promise-body]", promise.body);
  setHidden(row, "[data-promise-done]", !promise.done);
  return row;
}

export function drawPromises({ promises }) {
  find("[data-promises]").replaceChildren(...[...promises.values()].map(drawPromise));
  setHidden(document, "[data-promises-part]", !promises.size);
}
