// What is typed in the captions' editor stays in this browser until it is saved; and whether somebody else saved meanwhile.
const EVERY = 20_000;
const store = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); return true; } catch { return false; } },
  drop: (name) => { try { localStorage.removeItem(name); } catch { /* private window */ } },
  names: () => { try { return Object.keys(localStorage); } catch { return []; } },
};

export function draft(page, lines) {
  const { key, base, page: number, unsaved } = page.dataset;
  const begin = `captions:${key}:`;
  const name = `${begin}${base}:${number}`;
  const form = page.querySelector("[data-lines]");
  const box = page.querySelector("[data-kept]");
  const mark = page.querySelector("[data-draft]");
  const now = () => JSON.stringify(lines.rows());
  const asSent = now();
  let dirty = Boolean(unsaved);
  let waiting = 0;

  // The page that answers a save tells which words arrived: the one before it is done with.
  const sent = sessionStorage.getItem("captions-sent");
  sessionStorage.removeItem("captions-sent");
  if (sent && (sent !== name || !unsaved)) store.drop(sent);

  function keep() {
    clearTimeout(waiting);
    waiting = 0;
    if (!dirty) return;
    mark.hidden = !store.set(name, now());
  }

  function changed() {
    dirty = true;
    box.hidden = true;
    if (!waiting) waiting = setTimeout(keep, 400);
  }

  const kept = store.get(name);
  if (unsaved) keep();
  else if (kept && kept !== asSent) box.hidden = false;
  box.querySelector("[data-take]").addEventListener("click", () => { box.hidden = true; lines.fill(JSON.parse(kept)); });
  box.querySelector("[data-throw]").addEventListener("click", () => { box.hidden = true; store.drop(name); });

  const other = store.names().find((one) => one.startsWith(begin) && one !== name);
  if (other) {
    const [version, its] = other.slice(begin.length).split(":");
    const note = page.querySelector("[data-elsewhere]");
    note.querySelector("a").href = `${page.dataset.here}?${new URLSearchParams(version === "0" ? { page: its } : { version, page: its })}`;
    note.hidden = false;
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", () => {
    keep();
    dirty = false;
    sessionStorage.setItem("captions-sent", name);
  });
  addEventListener("pagehide", keep);
  addEventListener("beforeunload", (event) => { keep(); if (dirty) event.preventDefault(); });

  const meanwhile = page.querySelector("[data-meanwhile]");
  async function ask() {
    const answer = await fetch(page.dataset.last, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { last, by } = await answer.json();
    meanwhile.hidden = last === Number(base) || (base === "0" && last <= 1);
    meanwhile.querySelector("[data-by]").textContent = by;
  }
  setInterval(() => { if (!document.hidden) ask(); }, EVERY);
  addEventListener("focus", ask);

  return changed;
}
