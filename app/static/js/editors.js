// The list of files beside an editor: what is typed narrows it; the open file is in view.
const filter = document.querySelector("#desk-filter");
const links = [...document.querySelectorAll(".tree li")];

filter?.addEventListener("input", () => {
  const wanted = filter.value.trim().toLowerCase();
  for (const line of links) line.hidden = !`${line.textContent} ${line.firstElementChild.title}`.toLowerCase().includes(wanted);
  for (const section of document.querySelectorAll(".tree section")) section.hidden = !section.querySelector("li:not([hidden])");
});
document.querySelector(".tree [aria-current]")?.scrollIntoView({ block: "center" });
