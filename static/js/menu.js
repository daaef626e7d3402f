// Small manners of every page: menus close when left, errors get the focus, passwords can be shown, forms are sent once.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  const leave = (event) => { if (menu.open && !menu.contains(event.target)) menu.open = false; };
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// On a phone the way through the pillar scrolls: where we are comes into sight.
const here = document.querySelector(".sub-nav [aria-current]");
if (here) here.closest("ul").scrollLeft = here.offsetLeft - 48;

document.querySelector("[data-focus]")?.focus();

for (const row of document.querySelectorAll("[data-reveal]")) {
  const [input, button] = [row.querySelector("input"), row.querySelector("button")];
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", !shown);
  });
}

// A double click sends once; coming back with the browser's button makes the page usable again.
function again() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("form button[aria-busy]")) button.removeAttribute("aria-busy");
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(again, 8000); // an answer that is a file leaves the page as it was
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", again);

// "Print" needs a script; without one it does not stand there.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
