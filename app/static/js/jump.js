// Straight to a case: Ctrl+K goes to the search field (keys.js); while somebody types, a short list leads straight to a case.
// Enter without a choice searches everything. Nothing is asked while an input method composes.
const field = document.querySelector("#global-search");
const list = document.querySelector("#jump-list");
let asking = 0;
let chosen = -1;

if (field && list) {
  field.addEventListener("input", (event) => !event.isComposing && suggest());
  field.addEventListener("compositionend", suggest);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") return close();
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      list.children[chosen].querySelector("a").click();
    }
  });
  document.addEventListener("click", (event) => field.form.contains(event.target) || close());
}

async function suggest() {
  const question = field.value.trim();
  const mine = ++asking;
  if (question.length < 2) return close();
  await new Promise((resolve) => setTimeout(resolve, 150));
  if (mine !== asking) return;
  try {
    const answer = await fetch(`${list.dataset.address}?q=${encodeURIComponent(question)}`, { redirect: "error" });
    if (mine === asking && answer.ok) show(await answer.json());
  } catch { close(); }
}

function show(found) {
  list.replaceChildren(...found.map(line));
  list.hidden = !found.length;
  chosen = -1;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

function line(one, place) {
  const item = document.createElement("li");
  item.id = `jump-${place}`;
  item.role = "option";
  const link = document.createElement("a");
  link.href = one.address;
  link.tabIndex = -1;
  for (const [name, text] of [["num", one.number], ["what", one.title === one.number ? "" : one.title], ["organ", one.organ]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    link.append(part);
  }
  item.append(link);
  return item;
}

function choose(place) {
  const items = [...list.children];
  chosen = Math.max(-1, Math.min(items.length - 1, place));
  items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
  if (chosen >= 0) field.setAttribute("aria-activedescendant", items[chosen].id);
  else field.removeAttribute("aria-activedescendant");
}

function close() {
  asking++;
  list.hidden = true;
  chosen = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}
