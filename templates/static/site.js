// Improves what already works without it: no page depends on this file.
"use strict";

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.dataset.download === undefined) {
    form.dataset.sent = "yes";
  }
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-busy", "true");
  }
  if (form.dataset.download !== undefined) {
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) {
        button.removeAttribute("aria-busy");
      }
    }, 4000);
  }
});

// Coming back by the browser's button finds forms that can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) {
      button.removeAttribute("aria-busy");
    }
  }
});

// A chosen file is named with its size, before it is sent.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file") {
    return;
  }
  const told = document.getElementById(input.getAttribute("aria-describedby"));
  const file = input.files[0];
  if (told && file) {
    told.textContent = `${file.name} · ${(file.size / 1024 / 1024).toFixed(2)} MB`;
  }
});
