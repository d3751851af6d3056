// The field above a long list of people: what is typed there leaves only those that match. Without script the list is whole.
for (const field of document.querySelectorAll("input[data-finds]")) {
  const list = document.getElementById(field.dataset.finds);
  const all = [...list.options].map((option) => option.cloneNode(true));
  field.addEventListener("input", (event) => event.isComposing || narrow(list, all, field.value.trim()));
  field.addEventListener("compositionend", () => narrow(list, all, field.value.trim()));
  field.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && event.preventDefault());
}

function narrow(list, all, wanted) {
  const chosen = list.value;
  const fitting = all.filter((option) => !option.value || !wanted || option.textContent.includes(wanted));
  list.replaceChildren(...fitting.map((option) => option.cloneNode(true)));
  const named = fitting.filter((option) => option.value);
  list.value = named.some((option) => option.value === chosen) ? chosen : (wanted && named.length === 1 ? named[0].value : "");
}
