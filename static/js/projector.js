// The projector: the scene follows the host; keys 1 to 3 choose another until the host acts again, B blanks.
import { Live } from "./live.js";
import { startClock } from "./room-clock.js";
import { pictureAddress } from "./room-picture.js";
import { setHidden, setText } from "./room-draw.js";
import { drawPoll } from "./screen-polls.js";
import { drawBands, startDue } from "./screen-life.js";
import { drawReceipt } from "./screen-receipt.js";
import { inOrder, roomOrder, waits } from "./state-questions.js";

const $ = (selector) => document.querySelector(selector);
const main = $("[data-room]");
const scenes = [...document.querySelectorAll("[data-scene]")];
// From how many characters the words are set smaller, so that a question of any length fits.
const SIZES = { "spot--long": 110, "spot--longer": 260, "spot--longest": 480 };
let chosen = null;
let shown = main.dataset.spot || null;
let poll = main.dataset.pollShown || null;

function show(name) {
  for (const scene of scenes) scene.classList.toggle("is-on", scene.id === name);
}

function scene(room) {
  if (room.state === "closed") return "closed";
  if (chosen) return chosen;
  if (room.polls.has(poll)) return "poll";
  if (shown) return "spotlight";
  return inOrder(room, "open").length ? "top" : "join";
}

function drawSpot(room) {
  const question = shown && room.questions.get(shown);
  if (!question) return;
  const n = room.counts.get(question.id) || 0;
  setText(main, "[data-spot-text]", question.body);
  drawPicture(question);
  for (const [size, from] of Object.entries(SIZES)) $(".spot").classList.toggle(size, question.body.length > from);
  setText(main, "[data-spot-by]", question.by || "");
  setHidden(main, "[data-spot-sep]", !question.by);
  setText(main, "[data-spot-n]", n);
  setHidden(main, "[data-spot-n-line]", !n);
  setHidden(main, "[data-answering]", question.state !== "answering");
}

// The picture of the question, with its words for whoever can't see it.
function drawPicture(question) {
  const image = $("[data-spot-picture]");
  const { picture } = question;
  image.hidden = !picture;
  if (!picture) return image.removeAttribute("src");
  const address = pictureAddress(question, main.dataset.key);
  if (image.getAttribute("src") !== address) Object.assign(image, { src: address, width: picture.w, height: picture.h });
  image.alt = picture.alt;
}

function drawFive(room) {
  const rows = inOrder(room, roomOrder(room), waits).slice(0, 5).map((question, i) => {
    const row = $("template[data-five-row]").content.firstElementChild.cloneNode(true);
    row.children[0].textContent = i + 1;
    row.children[1].textContent = question.body;
    row.children[2].textContent = room.counts.get(question.id) || 0;
    return row;
  });
  $("[data-five]").replaceChildren(...rows);
  for (const rule of document.querySelectorAll("[data-rule]")) rule.hidden = rule.dataset.rule !== roomOrder(room);
}

function draw(room) {
  drawSpot(room);
  drawFive(room);
  drawPoll(room, room.polls.get(poll));
  drawReceipt(room);
  setHidden(main, "[data-on-line]", !room.on);
  setText(main, "[data-on]", room.on);
  show(scene(room));
}

// Nothing new shows before the server says so: two seconds after it was put up, and only if it wasn't stopped.
function put({ spot, note, poll: due }) {
  if (spot !== shown || due !== poll) chosen = null;
  shown = spot === live.room.spot ? spot : null;
  poll = due === live.room.poll ? due : null;
  draw(live.room);
  drawBands(live.room, note);
}

function changed(room, changes) {
  if (shown && shown !== room.spot) shown = null; // down at once
  if (poll && poll !== room.poll) poll = null;
  if (changes.spot || changes.said || changes.shown) askDue();
  if (changes.state || changes.shown) chosen = null;
  if (changes.screen) document.body.classList.toggle("is-blank", room.screen.blank);
  draw(room);
  drawBands(room);
}

let stale = null;
const live = new Live({
  code: main.dataset.room,
  key: main.dataset.key || undefined,
  changed,
  status(state) {
    clearTimeout(stale);
    // The last good picture stays; only after ten seconds does it say that it may be old.
    if (state === "on") setHidden(document, "[data-stale]", true);
    else stale = setTimeout(() => setHidden(document, "[data-stale]", false), 10000);
  },
});

const askDue = startDue(live, put);

document.addEventListener("keydown", (event) => {
  const byNumber = ["join", "spotlight", "top"][Number(event.key) - 1];
  if (event.code === "KeyB") document.body.classList.toggle("is-blank");
  else if (byNumber) {
    chosen = byNumber;
    draw(live.room);
  }
});
startClock();
