// Autosave: what the form says is kept every few seconds while it changes, without validation, and the page says so.
const form = document.querySelector("#task-form");
const saved = document.querySelector("#saved");
const EVERY = 4000;
let waiting = null;
let last = "";

if (form && saved && form.dataset.readonly !== "true") {
  // The form in the page tells of changes itself ("wenze:change"); plain fields are heard too.
  for (const name of ["wenze:change", "input", "change"]) form.addEventListener(name, schedule);
  // What is being submitted needs no draft any more; a submission that the browser refuses does.
  window.addEventListener("submit", (event) => event.target === form && !event.defaultPrevented && forget());
  window.addEventListener("pagehide", () => waiting && save(true));
}

function schedule(event) {
  if (event.isTrusted === false && event.type !== "wenze:change") return;
  clearTimeout(waiting);
  waiting = setTimeout(save, EVERY);
}

function forget() {
  clearTimeout(waiting);
  waiting = null;
}

async function save(leaving = false) {
  forget();
  form.dispatchEvent(new CustomEvent("wenze:collect"));
  const body = form.elements.data.value;
  if (!body || body === last) return;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": form.dataset.token },
      body,
      keepalive: leaving === true,
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail);
    last = body;
    say("saved", `${saved.dataset.saved} ${told.saved_at}`);
  } catch (error) {
    say("failed", error.message ? `${saved.dataset.failed}（${error.message}）` : saved.dataset.failed);
  }
}

function say(state, text) {
  saved.hidden = false;
  saved.dataset.state = state;
  saved.querySelector("span").textContent = text;
}
