// The captions lane: new lines join at the foot; whoever scrolled up to read stays where they read.
import { lastLines } from "./state-life.js";

export function drawCaptions(room, place, most) {
  const wanted = lastLines(room, most);
  const atFoot = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
  const known = new Map([...place.children].map((line) => [Number(line.dataset.no), line]));
  place.replaceChildren(...wanted.map(([no, text]) => {
    const line = known.get(no) || document.createElement("p");
    line.dataset.no = no;
    if (line.textContent !== text) line.textContent = text;
    return line;
  }));
  if (atFoot) place.scrollTop = place.scrollHeight;
}
