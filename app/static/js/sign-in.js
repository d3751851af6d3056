// A demonstration: one click on an account fills the form.
const password = document.querySelector("#demo-password").textContent.trim();
for (const button of document.querySelectorAll("button[data-username]")) {
  button.addEventListener("click", () => {
    document.querySelector("#username").value = button.dataset.username;
    document.querySelector("#password").value = password;
    document.querySelector("#sign-in button").focus();
  });
}
