// Keys and columns of the console. A key presses the button that names it; keys can be switched off (WCAG 2.1.4).
const switchOf = () => document.querySelector("[data-keys]");

// The slip or row that keys act on: the focused one, else the first that waits.
const here = () => document.activeElement?.closest?.(".slip") || document.querySelector(".slip");

// What M joins: also a row of the queue.
const row = () => document.activeElement?.closest?.(".slip, .rank") || here();

// A reason counts only while the reasons are in sight; what stands in a fold of its own works folded up too.
const usable = (element, key) => !element.disabled && (/^[1-4]$/.test(key) ? element.checkVisibility() : !element.closest("[hidden]"));

// Up and down between slips or rows, as in any list.
function step(by) {
  const from = document.activeElement?.closest?.(".slip, .rank");
  if (!from && document.activeElement !== document.body) return false; // a column that scrolls
  const to = from ? (by > 0 ? from.nextElementSibling : from.previousElementSibling) : document.querySelector(".slip, .rank");
  if (!to?.matches(".slip, .rank")) return false;
  to.focus();
  to.scrollIntoView({ block: "nearest" });
  return true;
}

function press(key) {
  const slip = here();
  const scope = /^[ad1-4]$/.test(key) ? slip : key === "m" ? row() : document;
  const target = [...(scope?.querySelectorAll(`[data-act="${key}"]`) || [])].find((element) => usable(element, key));
  if (!target) return false;
  const next = slip?.nextElementSibling;
  target.click();
  if (key === "slash") target.focus();
  if (key === "d") target.focus();
  else if (scope === slip && next) next.focus({ preventScroll: false });
  return true;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (switchOf().getAttribute("aria-pressed") !== "true" || target.matches("input, textarea, select")) return;
    if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    // By place, not by letter: on a Greek keyboard A, D, N, P are the same keys.
    const letter = event.code === "Space" ? "space" : event.code.replace(/^(Key|Digit)/, "").toLowerCase();
    const key = event.shiftKey && letter === "n" ? "shift-n" : letter;
    if (key === "space" && target.matches("button, a, summary")) return;
    const by = { arrowdown: 1, arrowup: -1 }[key];
    if (by && target.matches("summary, [role=radio]")) return;
    if (by ? step(by) : press(key)) event.preventDefault();
  });
  switchOf().addEventListener("click", () => {
    switchOf().setAttribute("aria-pressed", switchOf().getAttribute("aria-pressed") !== "true");
  });
}

export function startLanes() {
  const lanes = [...document.querySelectorAll("[data-lane]")];
  const show = () => {
    const name = location.hash.slice(1);
    const wanted = lanes.some((lane) => lane.dataset.lane === name) ? name : "now";
    for (const lane of lanes) lane.classList.toggle("is-on", lane.dataset.lane === wanted);
    for (const link of document.querySelectorAll("[data-lane-tab]")) {
      if (link.dataset.laneTab === wanted) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("hashchange", show);
  show();
}
