// Phrases beside every text area: own and shared ones, and what the form suggests for this very field.
const words = JSON.parse(document.querySelector("#phrase-words")?.textContent ?? "null");
const schema = JSON.parse(document.querySelector("#form-schema")?.textContent ?? "{}");
const parts = (list = []) => list.flatMap((part) => [part, ...parts(part.components)]);
const suggested = new Map(
  parts(schema.components).filter((part) => part.properties?.phrases).map((part) => [part.id, part.properties.phrases.split("|")]),
);
let offered = null;

if (words) {
  dress();
  document.addEventListener("wenze:ready", dress);
  document.addEventListener("wenze:change", dress); // a field that a condition shows now
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.phrases[open]")) if (!open.contains(event.target)) open.open = false;
  });
}

// what is pasted or coded, in fixed width, is no opinion
function dress() {
  for (const area of document.querySelectorAll("textarea:not([data-no-phrases], .mono)")) {
    if (hasPicker(area) || area.readOnly || area.disabled) continue;
    area.after(picker(area));
  }
}

/** Also where the form has put what is wrong between the two. */
function hasPicker(area) {
  let next = area.nextElementSibling;
  while (next && !next.matches("details.phrases, textarea")) next = next.nextElementSibling;
  return next?.matches("details.phrases") ?? false;
}

function picker(area) {
  const box = document.createElement("details");
  box.className = "phrases";
  const head = document.createElement("summary");
  head.textContent = words.name;
  const label = area.labels?.[0]?.textContent.trim();
  if (label) head.setAttribute("aria-label", `${words.name}${words.colon}${label}`);
  box.append(head);
  box.addEventListener("toggle", () => box.open && fill(box, area));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    box.open = false;
    head.focus();
  });
  return box;
}

async function fill(box, area) {
  offered ??= await fetch(words.offered, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : { phrases: [] }))
    .then((told) => told.phrases)
    .catch(() => []);
  const own = [...suggested].find(([id]) => area.id.endsWith(`-${id}`))?.[1] ?? [];
  const list = document.createElement("ul");
  for (const text of [...own, ...offered.map((phrase) => phrase.text)]) {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => {
      box.open = false;
      insert(area, text);
    });
    line.append(button);
    list.append(line);
  }
  if (!list.children.length) {
    list.append(document.createElement("li"));
    list.lastChild.textContent = words.none;
  }
  const foot = document.createElement("p");
  const keep = document.createElement("button");
  keep.type = "button";
  keep.textContent = words.keep;
  keep.disabled = !area.value.trim();
  keep.addEventListener("click", () => store(area.value.trim(), keep));
  const all = document.createElement("a");
  all.href = words.page;
  all.textContent = words.manage;
  foot.append(keep, all);
  box.querySelectorAll("ul, p").forEach((old) => old.remove());
  box.append(list, foot);
}

/** As if it were typed: at the caret, and the form hears of it. */
function insert(area, text) {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function store(text, button) {
  const token = document.querySelector("input[name=csrf_token]").value;
  const answer = await fetch(words.page, { method: "POST", body: new URLSearchParams({ csrf_token: token, text }) }).catch(() => null);
  button.textContent = answer?.ok ? words.kept : words.failed;
  offered = null;
}
