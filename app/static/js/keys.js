// Keyboard: "?" shows the whole set. Never while somebody types or composes; everything is also a link or a button.
const isTyping = (target) =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable], .fjs-container, .bjs-container, dialog[open]");

const rows = () => [...document.querySelectorAll(".rows .subj a, .list li a")];
const help = document.querySelector("#keys-help");
let previous = "";

const acts = {
  "/": () => (document.querySelector("#box-search") ?? document.querySelector("#global-search"))?.focus(),
  "?": () => help?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  e: () => begin(),
  a: () => reach("#transfer-to"),
  t: () => reach("#return-to, #no-return, #release-reason"),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.altKey) return;
  const key = event.key;
  if (event.ctrlKey || event.metaKey) {
    if (key.toLowerCase() === "k") jump(event);
    else if (key === "Enter") submit(event);
    return;
  }
  if (isTyping(event.target)) return;
  if (previous === "g" && key === "i") location.assign("/inbox/todo");
  else if (acts[key]) {
    event.preventDefault();
    acts[key]();
  }
  previous = key;
});

function jump(event) {
  const search = document.querySelector("#global-search");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** The one thing that the page is for: confirm, submit. */
function submit(event) {
  const button = document.querySelector("#confirm") ?? document.querySelector("#submit");
  if (!button || button.disabled || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  button.click();
}

function move(step) {
  const links = rows();
  if (!links.length) return;
  const current = links.indexOf(document.activeElement);
  const selected = current >= 0 ? current : links.findIndex((link) => link.hasAttribute("aria-current"));
  links[Math.min(links.length - 1, Math.max(0, selected + step))].focus();
}

/** Work on it: take what waits to be taken, else go into the form; in a list, open the row. */
function begin() {
  const links = rows();
  const claim = document.querySelector("#claim");
  const field = document.querySelector("#form-root :is(input, select, textarea, button):not([disabled])");
  if (links.includes(document.activeElement)) document.activeElement.click();
  else if (claim) claim.click();
  else if (field) field.focus();
  else links[0]?.click();
}

/** A verb of the menu: the menus around it open, and its first field has the focus. */
function reach(where) {
  const found = document.querySelector(where);
  for (let menu = found?.closest("details"); menu; menu = menu.parentElement.closest("details")) menu.open = true;
  const fields = found?.form?.querySelectorAll("input:not([type=hidden]), select, textarea") ?? [];
  ([...fields].find((field) => field.offsetParent) ?? found)?.focus();
}

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", () => {
    opener.closest("details")?.removeAttribute("open");
    document.getElementById(opener.dataset.opens)?.showModal();
  });
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
