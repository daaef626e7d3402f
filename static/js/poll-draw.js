// Results of a poll: cloned from the server's own markup, the same on phone, console and projector.
import { setHidden, setText } from "./room-draw.js";

const words = document.querySelector("[data-poll-words]");
const SHARES = new Set(["single", "multiple", "yesno", "scale", "quiz", "peer"]);
const COUNTS = { yesno: 2, scale: 5 };
const LISTS = { cloud: "cloud", text: "quotes" };
const format = new Intl.NumberFormat(document.documentElement.lang);

export const pollClone = (name) => words.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
export const told = (name, facts) => Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, format.format(value)), words.dataset[`word${name[0].toUpperCase()}${name.slice(1)}`]);
export const optionCount = (poll) => COUNTS[poll.kind] || poll.options.length;

export function label(poll, i) {
  if (poll.kind === "yesno") return [words.dataset.wordYes, words.dataset.wordNo][i];
  if (poll.kind !== "scale") return poll.options[i];
  const end = i % 4 === 0 ? poll.options[i / 4] : "";
  return end ? `${i + 1} · ${end}` : String(i + 1);
}

function named(poll, by) {
  if (typeof by === "number") return label(poll, by);
  if (typeof by === "string") return by;
  return by[0] === by[1] ? format.format(by[0]) : by.map((value) => format.format(value)).join("–");
}

function drawLine(row, poll, [by, value, width, hands], of) {
  const right = typeof by === "number" && (poll.right || []).includes(by) && poll.state === "revealed";
  row.className = `w${Math.max(1, Math.ceil(width / 20))}${right ? " is-right" : ""}`;
  setText(row, "[data-label]", named(poll, by));
  setText(row, "[data-value]", value === null ? "" : format.format(value));
  setText(row, "[data-share]", SHARES.has(poll.kind) ? `${Math.round(width)} %` : "");
  setHidden(row, "[data-hands]", !hands);
  setText(row, "[data-hands]", told("hands", { n: hands }));
  setHidden(row, "[data-right]", !right);
  row.querySelector("[data-bar]").setAttribute("width", `${width}%`);
  const hall = row.querySelector("[data-hall-bar]");
  hall.setAttribute("x", `${width}%`);
  hall.setAttribute("width", `${of ? (100 * hands) / of : 0}%`);
  return row;
}

function facts(poll, found) {
  if (found.mean !== undefined) return told("mean", { n: found.mean });
  if (found.median !== undefined) return told("median", found);
  return { ranking: words.dataset.wordRanking, budget: words.dataset.wordBudget }[poll.kind] || "";
}

function drawRound(place, poll, result, i, rounds) {
  setHidden(place, "[data-round-name]", rounds < 2);
  setText(place, "[data-round-name]", told("round", { n: i + 1 }));
  const list = place.querySelector("[data-rows]");
  list.className = LISTS[poll.kind] || "bars";
  // Rows are kept where they stand, so that bars grow instead of being drawn anew.
  result.rows.forEach((line, at) => drawLine(list.children[at] || list.appendChild(pollClone("poll-row")), poll, line, result.facts.of));
  while (list.children.length > result.rows.length) list.lastElementChild.remove();
  setText(place, "[data-facts]", facts(poll, result.facts));
  setText(place, "[data-round-n]", told("answered", { n: result.n }));
}

// HOLDER shows RESULTS of POLL, or nothing when there are none.
export function drawResults(holder, poll, results) {
  let place = holder.querySelector("[data-results]");
  if (!place) {
    place = pollClone("poll-results");
    holder.append(place);
  }
  const found = results || [];
  place.hidden = !found.length;
  place.classList.toggle("poll__results--two", found.length > 1);
  let rounds = [...place.querySelectorAll("[data-round]")];
  for (const extra of rounds.slice(found.length)) extra.remove();
  while (rounds.length < found.length) {
    const fresh = pollClone("poll-round").querySelector("[data-round]");
    place.insertBefore(fresh, place.querySelector("[data-truth]"));
    rounds = [...rounds, fresh];
  }
  found.forEach((result, i) => drawRound(rounds[i], poll, result, i, found.length));
  const revealed = poll.state === "revealed";
  const truth = place.querySelector("[data-truth]");
  truth.hidden = !revealed || poll.number === null || poll.number === undefined;
  if (!truth.hidden) truth.firstElementChild.textContent = told("truth", { n: poll.number });
  setHidden(place, "[data-why]", !revealed || !poll.why);
  setText(place, "[data-why]", revealed ? poll.why : "");
}

// What may be shown of POLL to whoever follows ROOM.
export const resultsOf = (room, poll) => (poll.state === "revealed" ? poll.results : room.tallies.get(poll.id)?.results);
export const answered = (room, poll) => {
  if (poll.state === "revealed") return poll.results.at(-1)?.n || 0;
  const known = room.tallies.get(poll.id);
  return known?.round === poll.round ? known.n : 0;
};
