// Fills the preview beside a Markdown field while one writes. The server renders, so what is seen is what will be published.
for (const editor of document.querySelectorAll("[data-editor]")) {
  const [source, pane] = [editor.querySelector("textarea"), editor.querySelector("[data-preview]")];
  if (!editor.dataset.editor || !source || !pane) continue;
  let waiting;
  let asked = 0;

  const show = async () => {
    const turn = ++asked;
    const token = source.form.querySelector("[name=csrf_token]")?.value ?? "";
    const body = new URLSearchParams({ csrf_token: token, text: source.value });
    try {
      const answer = await fetch(editor.dataset.editor, { method: "POST", body });
      // Only the newest question counts; html comes from the server's Markdown, which escapes everything.
      if (answer.ok && turn === asked) pane.innerHTML = await answer.text();
    } catch { /* offline: the old preview stays */ }
  };

  source.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 700);
  });
  if (source.value.trim() && !pane.textContent) show();
}
