// The lines of the captions' editor: part, join, add, take out without a way to the server, and their times checked as one types.
// The same rules as archive/captions.py and archive/text/editing.py.
const GAP = 2;
const SLACK = 2;

// "1:02:03.5", "62:03,5", "12": seconds, or NaN.
export function seconds(text) {
  const parts = text.trim().replace(",", ".").split(":");
  if (parts.length > 3 || !parts.every((part, i) => (i === parts.length - 1 ? /^\d{1,6}(\.\d{1,3})?$/ : /^\d{1,3}$/).test(part))) return NaN;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function written(time) {
  const ms = Math.max(0, Math.round(time * 1000));
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const fraction = ms % 1000 ? `.${String(ms % 1000).padStart(3, "0").replace(/0+$/, "")}` : "";
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}${fraction}` : `${m}:${two(s)}${fraction}`;
}

export function lines(page, changed) {
  const list = page.querySelector("[data-cues]");
  const fresh = page.querySelector("[data-new]").content.firstElementChild;
  const all = () => [...list.children];
  const field = (row, name) => row.querySelector(`[name=${name}]`);
  const time = (row, name) => seconds(field(row, name).value);

  function number() {
    all().forEach((row, i, { length }) => {
      for (const no of row.querySelectorAll("[data-no]")) no.textContent = i + 1;
      for (const button of row.querySelectorAll("button[name=act]")) button.value = `${button.value.split(":")[0]}:${i}`;
      row.querySelector("[data-join]").hidden = i === length - 1;
    });
  }

  function fault(row, before) {
    const [start, end] = [time(row, "start"), time(row, "end")];
    if (Number.isNaN(start) || Number.isNaN(end)) return "saysTime";
    if (!field(row, "text").value.trim()) return "";
    if (start >= end) return "saysEnds";
    if (start < before) return "saysOrder";
    return end > Number(page.dataset.duration) + SLACK ? "saysLate" : "";
  }

  function check() {
    let before = 0;
    for (const row of all()) {
      const wrong = fault(row, before);
      if (!wrong) before = time(row, "start");
      row.classList.toggle("field--bad", Boolean(wrong));
      row.querySelector("[data-fault]").hidden = !wrong;
      row.querySelector("[data-told]").textContent = wrong ? page.dataset[wrong] : "";
      for (const name of ["start", "end"]) {
        if (wrong) field(row, name).setAttribute("aria-invalid", "true");
        else field(row, name).removeAttribute("aria-invalid");
      }
    }
  }

  function done(row) {
    number();
    check();
    changed();
    if (row) field(row, "text").focus();
  }

  function made(start, end, text) {
    const row = fresh.cloneNode(true);
    const link = row.querySelector("[data-play]");
    link.setAttribute("href", `${link.getAttribute("href").split("?")[0]}?t=${written(start)}`);
    for (const [name, value] of Object.entries({ start: written(start), end: written(end), text })) field(row, name).value = value;
    return row;
  }

  // Where the caret is, else at the blank nearest the middle; the time at CLOCK when it is inside, else by the letters.
  function split(row, caret, clock) {
    const words = field(row, "text").value;
    const [start, end] = [time(row, "start"), time(row, "end")];
    const blanks = [...words.matchAll(/\s/g)].map((found) => found.index);
    const middle = words.indexOf("\n") >= 0 ? words.indexOf("\n") : blanks.sort((a, b) => Math.abs(a - words.length / 2) - Math.abs(b - words.length / 2))[0];
    const at = caret > 0 && caret < words.length ? caret : middle;
    if (at === undefined || Number.isNaN(start) || Number.isNaN(end)) return;
    const moment = clock > start && clock < end ? clock : start + ((end - start) * at) / words.length;
    const next = made(moment, end, words.slice(at).trim());
    field(row, "text").value = words.slice(0, at).trim();
    field(row, "end").value = written(moment);
    row.after(next);
    done(next);
  }

  function join(row) {
    const next = row.nextElementSibling;
    if (!next) return;
    field(row, "end").value = field(next, "end").value;
    field(row, "text").value = `${field(row, "text").value}\n${field(next, "text").value}`.trim();
    next.remove();
    done(row);
  }

  function add(row) {
    const next = row ? row.nextElementSibling : list.firstElementChild;
    const start = row ? time(row, "end") || 0 : 0;
    const until = next ? time(next, "start") : NaN;
    const line = made(start, until > start ? until : start + GAP, "");
    if (row) row.after(line);
    else list.prepend(line);
    done(line);
  }

  function drop(row) {
    const other = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    done(other);
  }

  const rows = () => all().map((row) => ["start", "end", "text"].map((name) => field(row, name).value));
  const fill = (values) => {
    list.replaceChildren(...values.map(([start, end, text]) => {
      const row = made(seconds(start) || 0, seconds(end) || 0, text);
      [field(row, "start").value, field(row, "end").value] = [start, end];
      return row;
    }));
    done();
  };

  number();
  return { all, field, time, check, split, join, add, drop, rows, fill, wrong: () => list.querySelector(".field--bad") };
}
