// Autosave: what the form says is kept every few seconds while it changes, without validation, and the page says so.
// What cannot reach the server stays in this browser until it can: after a session that ended, beside another window
// that wrote meanwhile, without a network. Nothing of it is lost by leaving the page.
const form = document.querySelector("#task-form");
const saved = document.querySelector("#saved");
const EVERY = 4000;
const AGAIN = 15000;
const KEEP_DAYS = 7;
let waiting = null;
let turn = Promise.resolve(); // drafts are sent one after the other: of two on their way the older could arrive last
let last = null;
let stopped = false;

if (form && saved && form.dataset.readonly !== "true") {
  const handed = handedOver();
  form.elements.window.value ||= handed ?? crypto.getRandomValues(new Uint32Array(2)).join("-");
  // The form in the page tells of changes itself ("wenze:change"); plain fields are heard too.
  for (const name of ["wenze:change", "input", "change"]) form.addEventListener(name, schedule);
  // What is being submitted needs no draft any more; a submission that the browser refuses does.
  window.addEventListener("submit", (event) => event.target === form && !event.defaultPrevented && submitting());
  form.addEventListener("wenze:refused", () => save()); // whoever gives up over what is wrong finds the rest again
  window.addEventListener("pagehide", () => waiting && save(true));
  for (const name of ["focus", "online"]) window.addEventListener(name, () => stopped === "signed-out" && resume());
  document.addEventListener("visibilitychange", () => !document.hidden && stopped === "signed-out" && resume());
  form.addEventListener("wenze:ready", begin);
  if (form.dataset.ready) begin();
  for (const other of document.querySelectorAll("form.take-over")) other.addEventListener("submit", keptFirst);
  document.addEventListener("click", (event) => act(event.target.closest?.("[data-act]")?.dataset.act));
}

function begin() {
  const refused = document.querySelector("#error-summary");
  last = refused ? null : collect();
  offer();
  if (refused) later(); // what was refused is a draft too, also for who changes nothing and leaves
}

function schedule(event) {
  if (event.isTrusted === false && event.type !== "wenze:change") return;
  later();
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(save, EVERY);
}

function forget() {
  clearTimeout(waiting);
  waiting = null;
}

function collect() {
  form.dispatchEvent(new CustomEvent("wenze:collect"));
  return form.elements.data.value;
}

function save(leaving = false) {
  turn = leaving === true ? saveNow(true) : turn.then(() => saveNow());
  return turn;
}

async function saveNow(leaving = false) {
  forget();
  const body = collect();
  if (!body || body === last) return;
  if (stopped) return keep(body);
  try {
    const answer = await send(body, leaving);
    const told = await answer.json();
    if (answer.ok) return done(body, told);
    keep(body);
    if (answer.status === 401 || answer.status === 400) return (await renew()) ? saveNow() : undefined;
    if (told.changed) return changed(told);
    fail(told.detail);
  } catch {
    keep(body);
    fail("");
    waiting = setTimeout(save, AGAIN);
  }
}

function send(body, leaving) {
  const headers = {
    "Content-Type": "application/json",
    Accept: "application/json",
    "X-CSRFToken": form.dataset.token,
    "X-Draft-Window": form.elements.window.value,
    "X-Draft-Base": form.dataset.base,
  };
  return fetch(form.dataset.draft, { method: "POST", headers, body, keepalive: leaving });
}

function done(body, told) {
  last = body;
  form.dataset.base = told.base;
  remove(localStorage);
  show(null);
  say("saved", `${saved.dataset.saved} ${told.saved_at}`);
}

function fail(why) {
  say("failed", why ? `${saved.dataset.failed}（${why}）` : saved.dataset.failed);
}

function say(state, text) {
  saved.hidden = false;
  saved.dataset.state = state;
  saved.querySelector("span").textContent = text;
}

// ---- a session that ended

/** Whether the same person is signed in again; then the page has the new token. */
async function renew() {
  const answer = await fetch(form.dataset.session, { headers: { Accept: "application/json" } });
  const told = await answer.json();
  const same = answer.ok && told.person === form.dataset.person;
  stopped = same ? false : "signed-out";
  if (same) for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = told.token;
  if (same) form.dataset.token = told.token;
  else fail("");
  show(same ? null : answer.ok ? "kept-other-person" : "kept-signed-out");
  return same;
}

async function resume() {
  try {
    if (await renew()) save();
  } catch {
    // without a network there is nothing to learn: the next look asks again
  }
}

// ---- two windows

function changed(told) {
  stopped = "changed";
  form.dataset.other = told.base;
  const box = show("kept-changed");
  const rows = box.querySelector("[data-rows]");
  box.querySelector("[data-at]").textContent = told.saved_at;
  rows.replaceChildren(
    ...told.differences.map((difference) => {
      const row = document.createElement("tr");
      for (const [place, text] of [["th", difference.label], ["td", difference.mine], ["td", difference.other]]) {
        const cell = document.createElement(place);
        if (place === "th") cell.scope = "row";
        cell.textContent = text || rows.dataset.empty;
        row.append(cell);
      }
      return row;
    }),
  );
  fail(told.detail);
}

async function act(name) {
  if (name === "mine") {
    form.dataset.base = form.dataset.other;
    stopped = false;
    last = null;
    await save();
  } else if (name === "other") {
    remove(localStorage);
    forget();
    location.reload();
  } else if (name === "restore") {
    const found = read(localStorage) ?? read(sessionStorage);
    const answer = await send(found.body, false); // the page was just made: its base is the newest
    if (!answer.ok) return fail((await answer.json()).detail);
    drop();
    location.reload();
  } else if (name === "drop") {
    drop();
    show(null);
  }
}

// ---- what somebody else left unfinished

/** What stands on the page is kept before the other's words come to it. */
async function keptFirst(event) {
  event.preventDefault();
  const other = event.target;
  await save();
  other.submit();
}

// ---- what stays in this browser

function place() {
  return `wenze:kept:${form.dataset.person}:${form.dataset.task}`;
}

function keep(body, storage = localStorage) {
  try {
    // an identity number never stays in a browser, where nothing seals it: it is typed again
    const kept = body.replace(/"[1-9]\d{5}[\s-]?\d{4}[\s-]?\d{2}[\s-]?\d{2}[\s-]?\d{3}[\dXx]"/g, "null");
    storage.setItem(place(), JSON.stringify({ at: new Date().toISOString(), body: kept }));
  } catch {
    // a full or forbidden store: the words beside the button say that nothing was saved
  }
}

function read(storage) {
  try {
    return JSON.parse(storage.getItem(place()));
  } catch {
    return null;
  }
}

function remove(storage) {
  storage.removeItem(place());
}

function drop() {
  remove(localStorage);
  remove(sessionStorage);
}

// The page that answers a submission, or that the way back from the check leads to, is the same window: a draft of the page
// before it may still be on its way. A refused page is told by the server; the way back finds the name here, once.
function windowPlace() {
  return `wenze:window:${form.dataset.task}`;
}

function handedOver() {
  const name = sessionStorage.getItem(windowPlace());
  sessionStorage.removeItem(windowPlace());
  return name;
}

function submitting() {
  forget();
  sessionStorage.setItem(windowPlace(), form.elements.window.value);
  keep(collect(), sessionStorage); // the session may have ended: then this window still has it
}

function offer() {
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith("wenze:kept:"))) {
    const kept = JSON.parse(localStorage.getItem(name));
    if (Date.now() - Date.parse(kept.at) > KEEP_DAYS * 86400000) localStorage.removeItem(name);
  }
  const found = read(localStorage) ?? read(sessionStorage);
  if (!found) return;
  if (found.body === last || document.querySelector("#error-summary")) return drop();
  const at = new Date(found.at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  show("kept-here").querySelector("[data-at]").textContent = at;
}

function show(id) {
  for (const box of document.querySelectorAll(".kept")) box.hidden = box.id !== id;
  const shown = id && document.getElementById(id);
  shown?.scrollIntoView({ block: "nearest" });
  return shown;
}
