// A short list below a field while somebody types. In the search field it leads straight to a case (Ctrl+K, see keys.js);
// in a remark it names a colleague after an @. Nothing is asked while an input method composes; without script both are plain text.
const QUIET = 150;

/**
 * `wanted()` is what to ask for, null for nothing; `draw(one)` the inside of a line; `take(one, line)` what choosing does.
 * With `eager` the first line is chosen at once, so that Enter takes it.
 */
function suggest(field, list, { wanted, draw, take, eager = false, shown = () => {} }) {
  let asking = 0;
  let chosen = -1;

  field.addEventListener("input", (event) => event.isComposing || ask());
  field.addEventListener("compositionend", ask);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" || event.key === "Tab") return close();
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      list.children[chosen].click();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus and its caret
  document.addEventListener("click", (event) => field.form.contains(event.target) || close());

  async function ask() {
    const mine = ++asking;
    if (wanted() === null) return close();
    await new Promise((resolve) => setTimeout(resolve, QUIET));
    if (mine !== asking) return;
    try {
      const answer = await fetch(`${list.dataset.address}?q=${encodeURIComponent(wanted())}`, { redirect: "error" });
      if (mine === asking && answer.ok) show(await answer.json());
    } catch { close(); }
  }

  function show(found) {
    list.replaceChildren(...found.map(line));
    list.hidden = !found.length;
    if (field.role === "combobox") field.setAttribute("aria-expanded", String(!list.hidden));
    choose(eager ? 0 : -1);
    shown(found);
  }

  function line(one, place) {
    const item = document.createElement("li");
    item.id = `${list.id}-${place}`;
    item.role = "option";
    item.append(draw(one));
    item.addEventListener("click", (event) => {
      if (event.target.closest("a")) return; // goes there by itself
      take(one, item);
      close();
    });
    return item;
  }

  function choose(place) {
    const items = [...list.children];
    chosen = Math.max(-1, Math.min(items.length - 1, place));
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    if (chosen >= 0) {
      field.setAttribute("aria-activedescendant", items[chosen].id);
      items[chosen].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function close() {
    asking++;
    show([]);
  }
}

function span(className, textContent) {
  return Object.assign(document.createElement("span"), { className, textContent });
}

// ---- straight to a case

const search = document.querySelector("#global-search");
if (search) {
  suggest(search, document.querySelector("#jump-list"), {
    wanted: () => (search.value.trim().length < 2 ? null : search.value.trim()),
    draw: (one) => {
      const link = Object.assign(document.createElement("a"), { href: one.address, tabIndex: -1 });
      link.append(span("num", one.number), span("what", one.title === one.number ? "" : one.title), span("organ", one.organ));
      return link;
    },
    take: (_, line) => line.querySelector("a").click(),
  });
}

// ---- whom a remark names

const AFTER_AT = /(?<![\p{L}\p{N}_.])[@＠]([\p{L}\p{N}_·]{0,20})$/u; // as app/domain/remarks.py reads it

for (const [place, area] of [...document.querySelectorAll("textarea[data-mentions]")].entries()) {
  const list = Object.assign(document.createElement("ul"), { className: "jumps", id: `mentions-${place}`, role: "listbox", hidden: true });
  const told = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  list.dataset.address = area.dataset.mentions;
  list.setAttribute("aria-label", area.dataset.mentionsName);
  told.setAttribute("role", "status");
  area.form.append(list, told);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  const begun = () => AFTER_AT.exec(area.value.slice(0, area.selectionStart));
  suggest(area, list, {
    eager: true,
    wanted: () => begun()?.[1] ?? null,
    draw: (one) => {
      const both = document.createDocumentFragment();
      both.append(span("name", one.name), span("organ", one.post));
      return both;
    },
    take: (one) => {
      const at = begun();
      if (!at) return;
      area.setRangeText(`@${one.name} `, at.index, area.selectionStart, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
    shown: (found) => {
      list.style.top = `${area.offsetTop + area.offsetHeight}px`;
      told.textContent = found.length ? area.dataset.mentionsTold.replace("#", found.length) : "";
      if (found.length) list.scrollIntoView({ block: "nearest" });
    },
  });
}
