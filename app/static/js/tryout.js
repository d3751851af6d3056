// The screen of a play: panels behind tabs, a person chosen is taken at once. Without it all panels stand one below the other.
for (const host of document.querySelectorAll("[data-tabs]")) {
  const tabs = [...host.querySelectorAll("[role=tab]")];
  const show = (chosen, focus) => {
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
    }
    sessionStorage.setItem("wenze-play-tab", chosen.id);
    if (focus) chosen.focus();
  };
  for (const tab of tabs) tab.addEventListener("click", () => show(tab, false));
  host.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    show(tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length], true);
  });
  show(tabs.find(({ id }) => id === sessionStorage.getItem("wenze-play-tab")) ?? tabs[0], false);
}
for (const select of document.querySelectorAll("select[data-goes]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".trybar details[open]")) if (!menu.contains(event.target)) menu.open = false;
});
const reloads = document.querySelector("[data-reloads]"); // a run under way: the page comes again while somebody looks at it
if (reloads) {
  setInterval(() => { if (!document.hidden) location.reload(); }, Number(reloads.dataset.reloads) * 1000);
}

/** A run under way beside fields that somebody may be writing in: only what it says is fetched again. */
async function refresh() {
  const part = document.querySelector("[data-refreshes]");
  if (!part) return;
  try {
    if (!document.hidden && !part.contains(document.activeElement)) {
      const answer = await fetch(location.href);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (answer.ok && fresh) part.replaceWith(document.adoptNode(fresh));
    }
  } catch { /* without a network the next look asks again */ }
  setTimeout(refresh, Number(part.dataset.refreshes) * 1000);
}
refresh();
