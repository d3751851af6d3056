// A demonstration: one click on an account fills the form.
const password = document.querySelector("#demo-password").textContent.trim();
for (const button of document.querySelectorAll("button[data-username]")) {
  button.addEventListener("click", () => {
    document.querySelector("#username").value = button.dataset.username;
    document.querySelector("#password").value = password;
    document.querySelector("#sign-in button").focus();
  });
}

// With many accounts: what is typed narrows the list (name, role, organ or account).
const field = document.querySelector("#username");
field.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const group of document.querySelectorAll(".accounts details")) {
    let found = 0;
    for (const item of group.querySelectorAll("li")) {
      item.hidden = wanted !== "" && !item.textContent.toLowerCase().includes(wanted);
      found += item.hidden ? 0 : 1;
    }
    group.hidden = found === 0;
  }
});
