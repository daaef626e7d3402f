// The authors' form: the minutes add up and the circle is drawn while one types; leaving with unsaved words asks first.
const form = document.querySelector("[data-writing]");
const sum = document.querySelector("[data-sum]");
const SVG = "http://www.w3.org/2000/svg";

function segments() {
  return [...form.querySelectorAll("[data-segment]")].map((row) => ({
    kind: row.querySelector("select").value,
    minutes: Math.max(0, Number.parseInt(row.querySelector("[data-minutes]").value, 10) || 0),
  }));
}

// The same drawing as the macro `ring` (templates/components/dial.html).
function arc(part, start, edge) {
  const circle = document.createElementNS(SVG, "circle");
  const long = part.minutes;
  const solid = Math.max(long - 1.2, 0.5);
  let [name, dashes, from] = [edge ? "edge" : "talk", `${solid} ${120 - solid}`, start + 0.6];
  if (part.kind === "example") name = "case";
  if (part.kind === "questions") {
    const dots = Math.max(Math.floor(long / 5), 1);
    [name, dashes, from] = ["ask", `${"0 5 ".repeat(dots)}0 ${120 - 5 * dots}`, start + 2.5];
  } else if (part.kind === "group") {
    const bars = Math.max(Math.floor(long / 2), 1);
    [name, dashes] = ["work", `${"1 1 ".repeat(bars - 1)}1 ${121 - 2 * bars}`];
  }
  const facts = { class: `dial__${name}`, cx: 60, cy: 60, r: 53, pathLength: 120, "stroke-dasharray": dashes, "stroke-dashoffset": -from };
  for (const [key, value] of Object.entries(facts)) circle.setAttribute(key, value);
  return circle;
}

function draw() {
  const plan = segments();
  const total = plan.reduce((minutes, part) => minutes + part.minutes, 0);
  sum.querySelector("[data-sum-number]").textContent = total;
  sum.querySelector("progress").value = Math.min(total, 120);
  sum.classList.toggle("is-full", total === 120);
  sum.classList.toggle("is-over", total > 120);
  const ring = sum.querySelector(".dial g");
  let start = 0;
  ring.replaceChildren(...plan.flatMap((part, i) => {
    const edge = part.kind === "talk" && part.minutes <= 10 && (i === 0 || i === plan.length - 1);
    const drawn = part.kind === "break" || !part.minutes || start + part.minutes > 120 ? [] : [arc(part, start, edge)];
    start += part.minutes;
    return drawn;
  }));
}

if (form && sum) {
  form.addEventListener("input", draw);
  draw();
}

if (form) {
  let unsaved = form.dataset.writing === "unsaved";
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}
