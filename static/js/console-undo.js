// Ten seconds to take back what one has just done: a toast with the seconds, its button, and Z.
const find = (selector, root = document) => root.querySelector(selector);
const SECONDS = 10;

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
    else if (answer.r.act) show(answer.r.act, SECONDS);
  };
}
