// When the browser itself refuses the form: the same red-framed summary that the server would write, and a word at the button.
const form = document.querySelector("#task-form");
const labels = JSON.parse(document.querySelector("#form-labels")?.textContent ?? "{}");

form?.addEventListener("wenze:refused", (event) => {
  document.querySelector("#error-summary")?.remove();
  const wrong = Object.entries(event.detail);
  const summary = document.createElement("div");
  summary.className = "errsum";
  summary.id = "error-summary";
  summary.tabIndex = -1;
  summary.setAttribute("role", "alert");
  const head = document.createElement("h2");
  head.textContent = form.dataset.refused.replace("{count}", wrong.length);
  const list = document.createElement("ul");
  for (const [path, sentences] of wrong) {
    const link = document.createElement("a");
    link.href = "#task-form";
    link.dataset.field = path;
    const label = labels[path] ?? "";
    link.textContent = label && !sentences[0].includes(label) ? `${label}：${sentences[0]}` : sentences[0];
    list.append(document.createElement("li"));
    list.lastChild.append(link);
  }
  summary.append(head, list);
  document.querySelector("#main").prepend(summary);
  const beside = document.querySelector("#refused");
  beside.textContent = head.textContent;
  beside.hidden = false;
  if (!document.title.startsWith(form.dataset.wrong)) document.title = form.dataset.wrong + document.title;
});
