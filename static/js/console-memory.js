// Slips that resemble others, and answers there are already: asked for one slip after the other, never joined by itself.

const PAUSE = 600;

function drawTwin(blank, twin) {
  const row = blank.cloneNode(true);
  for (const name of ["no", "body", "sure"]) row.querySelector(`[data-twin-${name}]`).textContent = twin[name];
  return row;
}

function draw(slip, { twins, known }, blank) {
  const find = (name) => slip.querySelector(`[data-${name}]`);
  slip.classList.toggle("slip--group", Boolean(twins));
  find("alike-twins").hidden = !twins;
  find("alike-said").textContent = twins?.said || "";
  find("alike-list").replaceChildren(...(twins?.list || []).map((twin) => drawTwin(blank, twin)));
  const [answer] = known;
  find("alike-known").hidden = !answer;
  find("alike-ask").hidden = true;
  if (!answer) return;
  find("known-said").textContent = answer.said;
  find("known-body").textContent = answer.body;
  find("known-open").hidden = !answer.url;
  find("known-open").href = answer.url;
  find("known-source").value = `${answer.source}:${answer.id}`;
}

export function watchSlips(live) {
  const lane = document.querySelector('[data-rows="in"]');
  const blank = document.querySelector("template[data-twin-of]").content.firstElementChild;
  const asked = new Map(); // {question: the text it was asked with}
  const line = new Set();
  let busy = false;

  const slipOf = (id) => [...lane.children].find((slip) => slip.dataset.q === id);

  async function work() {
    if (busy) return;
    busy = true;
    for (const id of line) {
      line.delete(id);
      const slip = slipOf(id);
      if (slip && live.ready) {
        const answer = await live.once("question:similar", { qid: id });
        if (!answer.ok || answer.r.shed) asked.delete(id); // the next change of the lane asks again
        else if (slip.dataset.q === id) {
          draw(slip, answer.r, blank);
          // Its twins have one more now.
          for (const twin of answer.r.twins?.list || []) if (!line.has(twin.id) && slipOf(twin.id)?.dataset.alone) line.add(twin.id);
          if (answer.r.twins) delete slip.dataset.alone;
          else slip.dataset.alone = "yes";
        }
        await new Promise((done) => { setTimeout(done, PAUSE); });
      }
    }
    busy = false;
  }

  function look() {
    for (const slip of lane.children) {
      const text = slip.querySelector("[data-text]").textContent;
      if (asked.get(slip.dataset.q) === text) continue;
      asked.set(slip.dataset.q, text);
      line.add(slip.dataset.q);
    }
    if (line.size) work();
  }

  new MutationObserver(look).observe(lane, { childList: true });
  live.back().then(look);
}
