// The search in what was said, as one types; its form works without this. Letters compare as on the server: no accents, no case.
// In capitals, where both sigmas are one; always one letter for one, so that places in the text stay.
const fold = (letter) => letter.normalize("NFD")[0].toUpperCase()[0];
const folded = (text) => text.split("").map(fold).join("");

export function search(page) {
  const form = page.querySelector("[data-search]");
  if (!form) return () => {};
  const [field, count] = [form.querySelector("input"), form.querySelector("[data-count]")];
  const lines = [...page.querySelectorAll("[data-script] p")].map((line) => {
    const text = line.querySelector("span").textContent;
    return { line, text, plain: folded(text) };
  });

  function draw({ line, text, plain }, wanted) {
    const pieces = [];
    let done = 0;
    for (let at = wanted ? plain.indexOf(wanted) : -1; at >= 0; at = plain.indexOf(wanted, done)) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(at, at + wanted.length);
      pieces.push(text.slice(done, at), mark);
      done = at + wanted.length;
    }
    line.hidden = Boolean(wanted) && !pieces.length;
    line.querySelector("span").replaceChildren(...pieces, text.slice(done));
    return !line.hidden;
  }

  function find() {
    const wanted = folded(field.value.trim());
    count.textContent = String(lines.filter((line) => draw(line, wanted)).length);
    form.querySelector("[data-found]").hidden = !wanted;
  }

  field.addEventListener("input", find);
  form.addEventListener("submit", (event) => { event.preventDefault(); find(); });
  form.querySelector("[data-whole]")?.addEventListener("click", (event) => { event.preventDefault(); field.value = ""; find(); field.focus(); });
  // The panel may be behind another tab.
  return () => {
    page.querySelector("[data-tabs] a[href='#text']")?.click();
    field.focus();
  };
}
