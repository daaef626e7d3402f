// While somebody writes: what was asked before, at most three, never in the way of sending.
import { newCid } from "./live.js";

const SHORTEST = 12;
const PAUSE = 400;

// VOTE(id) adds one's voice to a question of this room; DONE() is called when nothing is left to ask.
export function startMemory({ live, form, vote, done }) {
  const body = form.querySelector("textarea");
  const place = form.querySelector("[data-twins]");
  const list = place.querySelector("[data-twins-list]");
  const blank = form.querySelector("template[data-twin-of]").content.firstElementChild;
  const lookFirst = form.querySelector("[data-look-first]");
  let timer = null;
  let asked = 0;

  function drawTwin(match) {
    const row = blank.cloneNode(true);
    const find = (name) => row.querySelector(`[data-twin-${name}]`);
    Object.assign(row.dataset, { source: match.source, id: match.id });
    find("body").textContent = match.body;
    find("said").textContent = match.said;
    find("words").textContent = match.answer;
    find("answer").hidden = !match.answer;
    find("open").hidden = !match.url;
    find("open").href = match.url;
    find("covered").hidden = !match.answer && !match.url;
    const voice = find("vote");
    voice.hidden = match.source !== "room" || match.own || match.state === "answered" || Boolean(live.room.votes.get(match.id)?.val);
    if (!voice.hidden) voice.querySelector("[data-n]").textContent = live.room.counts.get(match.id) || 0;
    return row;
  }

  function draw(matches) {
    list.replaceChildren(...matches.map(drawTwin));
    place.hidden = !matches.length;
    place.querySelector("[data-twins-head]").hidden = !matches.length;
    place.querySelector("[data-twins-none]").hidden = true;
  }

  async function look() {
    const text = body.value;
    asked += 1;
    const mine = asked;
    if (text.trim().length < SHORTEST || !live.ready) return draw([]);
    const answer = await live.once("question:similar", { body: text });
    if (mine === asked && answer.ok && body.value) draw(answer.r.similar);
  }

  async function covered(row) {
    const { source, id } = row.dataset;
    const answer = await live.send("question:covered", { cid: newCid(), source, id });
    if (answer.ok) done();
  }

  body.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asked += 1;
    draw([]);
  });
  form.addEventListener("click", (event) => {
    if (!live.ever) return; // no socket here: the plain buttons do it
    const row = event.target.closest("[data-twin]");
    if (event.target.closest("[data-twin-vote]")) {
      event.preventDefault();
      vote(row.dataset.id);
      done();
    } else if (event.target.closest("[data-twin-covered]")) {
      event.preventDefault();
      covered(row);
    }
  });
  if (lookFirst) lookFirst.hidden = true;
}
