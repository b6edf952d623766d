// Enhancements only: every page works without this file.
(() => {
  "use strict";
  const words = (document.querySelector('meta[name="deadline-words"]')?.content || "").split("|");
  const loaded = Date.now();

  // The server owns the deadline's state; between loads only the minutes tick (its clock, not ours).
  function tick() {
    if (words.length < 6) return;
    document.querySelectorAll("time[data-due]").forEach((node) => {
      const now = Date.parse(node.dataset.now) + (Date.now() - (Number(node.dataset.seen) || loaded));
      const left = Date.parse(node.dataset.due) - now;
      const minutes = Math.floor(Math.abs(left) / 60000);
      const hours = Math.floor(minutes / 60);
      const days = Math.floor(hours / 24);
      const form = words[(left > 0 ? 0 : 3) + (days ? 0 : hours ? 1 : 2)];
      const text = form
        .replace("%(days)s", days)
        .replace("%(hours)s", days ? hours % 24 : hours)
        .replace("%(minutes)s", minutes % 60);
      if (node.textContent !== text) node.textContent = text;
    });
  }

  // After a swap that changes meaning, focus goes where the fragment asks for it.
  function settle(event) {
    const root = event.detail?.elt || document;
    root.querySelectorAll?.("time[data-due]:not([data-seen])").forEach((node) => (node.dataset.seen = Date.now()));
    const target = root.querySelector?.("[data-focus]");
    if (target) {
      if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
      target.focus();
    }
    tick();
  }

  // Say which files were picked, in words, next to the button.
  function names(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const list = document.getElementById(input.dataset.names || "");
    if (!list) return;
    list.replaceChildren(...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
      return item;
    }));
  }

  // A second press of the same button does nothing; the server's key is what truly guards it.
  function once(event) {
    const form = event.target;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    if (form.querySelector('[name="idempotency_key"]')) {
      form.setAttribute("data-sent", "");
      setTimeout(() => form.removeAttribute("data-sent"), 8000);
    }
  }

  function toast(text) {
    const place = document.getElementById("toasts");
    if (!place || !text) return;
    const note = document.createElement("p");
    note.className = "toast toast--error";
    note.textContent = text;
    place.append(note);
    setTimeout(() => note.remove(), 8000);
  }

  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) toast(document.body.dataset.broken);
  });
  document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline));
  document.addEventListener("change", names);
  document.addEventListener("submit", once);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  document.querySelector("[data-focus]")?.focus();
  document.documentElement.setAttribute("data-js", "");
  setInterval(tick, 30000);
})();
