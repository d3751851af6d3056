// What was typed into a small form outlives its refusal: it stands in its fields again, with the sentence beside them.
// Also when the session had ended, or the refusal is a page of its own. The large form of a step has its draft instead.
const words = JSON.parse(document.querySelector("#entered-words").textContent);
const PLACE = "wenze:entered";
const KEEP = 20 * 60000;
const TYPED = "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=search])";
const IDENTITY_NUMBER = /\d{17}[\dXx]/; // nothing seals it in a browser: it is typed again
const NEARLY = 0.9;

addEventListener("submit", (event) => {
  const form = event.target;
  const lasts = form.method === "post" && !form.dataset.draft && !form.querySelector("[type=password]");
  if (!lasts || event.defaultPrevented) return;
  const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && fieldsOf(form, name).length && !IDENTITY_NUMBER.test(value));
  if (!values.length) return sessionStorage.removeItem(PLACE);
  const texts = fieldsOf(form).filter((field) => field.matches("textarea, input[type=text], input:not([type])")).map((field) => field.name);
  keep({ person: words.person, action: form.action, values, texts, at: Date.now(), refused: false });
});

const kept = read();
const refusals = [...document.querySelectorAll("[data-refusal]")];
if (kept) settle();
for (const area of document.querySelectorAll("textarea[maxlength]")) count(area);

function settle() {
  const refused = refusals.length > 0 || kept.refused || !words.person; // a page without a person: the session had ended
  const other = words.person && kept.person !== words.person;
  if (!refused || other || Date.now() - kept.at > KEEP) return sessionStorage.removeItem(PLACE);
  const form = [...document.forms].find((one) => one.action === kept.action);
  if (!form) {
    if (refusals.length && words.person) show(refusals[0]);
    return keep({ ...kept, refused: true }); // the way back leads to the form
  }
  sessionStorage.removeItem(PLACE);
  fill(form);
  for (const refusal of refusals) tell(form, refusal);
}

function fill(form) {
  for (const name of new Set([...form.elements].map((field) => field.name))) {
    const texts = kept.values.filter(([key]) => key === name).map(([, value]) => value);
    for (const field of fieldsOf(form, name)) {
      if (["checkbox", "radio"].includes(field.type)) field.checked = texts.includes(field.value);
      else if (texts.length) field.value = texts.shift();
    }
  }
  for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  fieldsOf(form)[0]?.focus();
}

/** The sentence above its field; one that belongs to none stands on top of the page alone. */
function tell(form, refusal) {
  const [field] = refusal.dataset.refusal ? fieldsOf(form, refusal.dataset.refusal) : [];
  if (!field) return;
  const sentence = Object.assign(document.createElement("span"), { className: "errmsg", id: `refused-${field.name}` });
  sentence.textContent = refusal.textContent.trim();
  field.before(sentence);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", sentence.id);
  field.focus();
}

/** The form is gone from the page: the words are there to be copied. */
function show(refusal) {
  const texts = kept.values.filter(([name, value]) => kept.texts.includes(name) && value.trim()).map(([, value]) => value);
  if (!texts.length) return;
  const box = Object.assign(document.createElement("p"), { className: "typed" });
  box.append(Object.assign(document.createElement("strong"), { textContent: words.typed }), document.createElement("br"), texts.join("\n"));
  refusal.append(box);
}

// ---- a text that is pasted is never cut: the page says by how much it is too long, and the form waits

function count(area) {
  const most = area.maxLength;
  area.removeAttribute("maxlength");
  const told = Object.assign(document.createElement("span"), { className: "small muted", hidden: true });
  told.setAttribute("aria-live", "polite");
  (area.nextElementSibling?.matches("details.phrases") ? area.nextElementSibling : area).after(told);
  const look = () => {
    const left = most - area.value.length;
    const over = left < 0 ? words.over.replace("#", -left) : "";
    area.setCustomValidity(over);
    told.hidden = area.value.length < most * NEARLY;
    told.textContent = over || words.left.replace("#", left);
    told.classList.toggle("errmsg", left < 0);
  };
  area.addEventListener("input", look);
  look();
}

function fieldsOf(form, name) {
  return [...form.elements].filter((field) => field.matches(TYPED) && field.name && (name === undefined || field.name === name));
}

function keep(value) {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(value));
  } catch {
    // a full or forbidden store: the words are lost only if the act is refused
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE));
  } catch {
    return null;
  }
}
