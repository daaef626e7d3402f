// The form of a poll shows only what the chosen kind needs. Without script everything stands there, with its hints.
const form = document.querySelector("[data-poll-form]");
const kind = form.elements.kind;

function show() {
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(kind.value);
  const rows = [...form.querySelectorAll(".poll-form__row")];
  const most = { scale: 2, number: 1 }[kind.value] || rows.length;
  rows.forEach((row, i) => { row.hidden = i >= most; });
}

kind.addEventListener("change", show);
show();
