// Ten seconds to take back what one has just done: a toast with the seconds, its button, and Z.
const find = (selector, root = document) => root.querySelector(selector);
const SECONDS = 10;

// «Let through: questions 14, 15»: what an act was, in the server's words.
function what(place, { op, q, qs }) {
  const word = find(`[data-act-word="${op}"]`)?.textContent || "";
  const numbers = (qs || [q]).filter(Boolean).map((question) => question.no);
  if (!numbers.length) return word;
  const which = numbers.length === 1 ? place.dataset.one : place.dataset.many;
  return `${word}: ${which.replace("{numbers}", numbers.join(", "))}`;
}

export function startUndo() {
  const toast = find("[data-undo]");
  const form = find("form", toast);
  let timer = null;

  function hide() {
    clearInterval(timer);
    toast.hidden = true;
  }

  function show(act, left) {
    clearInterval(timer);
    find("[name=act]", form).value = act;
    const until = performance.now() + left * 1000;
    const count = () => {
      const seconds = Math.ceil((until - performance.now()) / 1000);
      find("[data-undo-left]", toast).textContent = seconds;
      if (seconds <= 0) hide();
    };
    toast.hidden = false;
    count();
    timer = setInterval(count, 250);
  }

  if (!toast.hidden) show(find("[name=act]", form).value, Number(toast.dataset.left));
  // What an act left behind: its number, or nothing when nothing changed.
  return (answer, command) => {
    if (command === "room:undo") hide();
    else if (answer.r.act) {
      const place = find("[data-undo-what]", toast);
      place.textContent = what(place, answer.r);
      show(answer.r.act, SECONDS);
    }
  };
}
