// Lists: the counts stay true while the page is open, ticks are counted, and whoever comes back finds his place again.
const EVERY = 30000;
const PLACE = "wenze:list";
const side = document.querySelector("[data-counts]");
const ticks = () => [...document.querySelectorAll('input[form="bulk"]')];
const all = document.querySelector("#tick-all");
let mark = "";

// ---- where the reader was: the list beside a task leads back to the list as it was filtered

if (side) {
  const kept = read();
  if (kept?.address === location.href && arrivedBack()) window.scrollTo({ top: kept.at, behavior: "instant" });
  window.addEventListener("pagehide", () => sessionStorage.setItem(PLACE, JSON.stringify({ address: location.href, box: side.dataset.box, at: window.scrollY })));
} else {
  const kept = read();
  const back = document.querySelector(".list .lh a");
  if (kept && back && new URL(kept.address).pathname === back.pathname) back.href = kept.address;
  document.querySelector(".list [aria-current]")?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function read() {
  try { return JSON.parse(sessionStorage.getItem(PLACE)); } catch { return null; }
}

function arrivedBack() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry?.type === "back_forward" || entry?.type === "reload" || document.referrer.includes("/tasks/");
}

// ---- counts

if (side) {
  setInterval(() => !document.hidden && ask(), EVERY);
  document.addEventListener("visibilitychange", () => !document.hidden && ask());
}

async function ask() {
  try {
    const answer = await fetch(side.dataset.counts, { headers: mark ? { "If-None-Match": mark } : {}, redirect: "error", cache: "no-store" });
    if (answer.status !== 200) return;
    mark = answer.headers.get("ETag") ?? "";
    show(await answer.json());
  } catch { /* asked again later */ }
}

function show(numbers) {
  let moved = false;
  for (const place of side.querySelectorAll("[data-count]")) {
    const number = String(numbers[place.dataset.count] ?? 0);
    if (place.textContent === number) continue;
    place.textContent = number;
    moved ||= place.dataset.count === side.dataset.box;
  }
  document.title = document.title.replace(/([（(])\d+([）)])/, `$1${numbers[side.dataset.box]}$2`);
  if (moved) refresh();
}

// Only the list is exchanged, and not under somebody's hands.
async function refresh() {
  const list = document.querySelector("main section.box");
  if (!list || list.contains(document.activeElement) || ticks().some((tick) => tick.checked)) return;
  const answer = await fetch(location.href, { redirect: "error" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["main section.box", ".pager", ".filters .seg"]) {
    const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
}

// ---- ticks

const told = document.querySelector("[data-ticked]");
if (told) {
  all.addEventListener("change", () => { for (const tick of ticks()) tick.checked = all.checked; count(); });
  document.addEventListener("change", (event) => event.target.matches?.('input[form="bulk"]') && count());
  count();
}

function count() {
  const chosen = ticks().filter((tick) => tick.checked).length;
  told.textContent = chosen ? told.dataset.ticked.replace("#", chosen) : "";
  all.checked = chosen > 0 && chosen === ticks().length;
  all.indeterminate = chosen > 0 && !all.checked;
}
