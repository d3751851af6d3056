// Keyboard: "/" searches, j and k move through a list, g i goes to the inbox; never while somebody types or composes.
const isTyping = (target) =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable], .fjs-container, .bjs-container");

const rows = () => [...document.querySelectorAll(".rows .subj a, .list li a")];
let previous = "";

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key;
  if (key === "/") {
    event.preventDefault();
    (document.querySelector("#box-search") ?? document.querySelector("#global-search"))?.focus();
  } else if (key === "j" || key === "k") {
    move(key === "j" ? 1 : -1);
  } else if (key === "i" && previous === "g") {
    location.assign("/inbox/todo");
  }
  previous = key;
});

function move(step) {
  const links = rows();
  if (!links.length) return;
  const current = links.indexOf(document.activeElement);
  const selected = current >= 0 ? current : links.findIndex((link) => link.hasAttribute("aria-current"));
  links[Math.min(links.length - 1, Math.max(0, selected + step))].focus();
}

// Filters apply when a choice is made; without scripts the button does it.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}

// A menu closes when somebody clicks elsewhere or presses Escape.
for (const menu of document.querySelectorAll("details.who, details.rules, details.menu")) {
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

document.querySelector(".errsum")?.focus();

// What was submitted has arrived: this window need not remember it any more (see draft.js).
if (document.querySelector(".told:not(.bad)")) {
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith("wenze:kept:"))) sessionStorage.removeItem(key);
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
