// Lets the browser fill in a form with a passkey. Without it the form says so, and other ways remain.
"use strict";

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

// What the server wrote as text the browser wants as bytes.
const optionsOf = (form) => {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytesOf(options.challenge);
  if (options.user) {
    options.user.id = bytesOf(options.user.id);
  }
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const one of list || []) {
      one.id = bytesOf(one.id);
    }
  }
  return options;
};

const toldBy = (credential) => {
  const response = {};
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  for (const part of parts) {
    if (credential.response[part]) {
      response[part] = textOf(credential.response[part]);
    }
  }
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  });
};

const ask = async (form) => {
  const failed = form.querySelector(".passkey-failed");
  failed.hidden = true;
  try {
    const publicKey = optionsOf(form);
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
    form.elements.credential.value = toldBy(credential);
  } catch {
    failed.hidden = false;
    return;
  }
  form.submit();
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !form.dataset.options) {
    continue;
  }
  form.querySelector(".passkey-without").hidden = true;
  form.querySelector("button").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // Not sent yet, so that the button may be pressed again.
    ask(form);
  });
  if (form.dataset.atOnce !== undefined) {
    ask(form);
  }
}
