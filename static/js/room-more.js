// A very long list begins with its first rows; the link under it brings more, here as without script.
// DRAW() draws the list again and says whether it could. The result cuts what would be drawn.
export function startMore(list, draw) {
  const link = document.querySelector("[data-more]");
  const step = Number(list.dataset.step);
  let most = Number(list.dataset.most);
  link.addEventListener("click", (event) => {
    most += step;
    if (draw()) event.preventDefault();
  });
  return (questions) => {
    link.parentElement.hidden = questions.length <= most;
    return questions.slice(0, most);
  };
}
