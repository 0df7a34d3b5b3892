// Keeps the parts of a page that live fresh. Without it everything works too: by reloading.
"use strict";

(() => {
  const root = document.querySelector("[data-live]");
  let mark = "";
  let timer = 0;
  let quiet = 0; // rounds in which nothing had changed

  // A form that is on its way is not sent again by an impatient second press.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // Lists with keys are changed entry by entry: what is read or focused stays where it is.
  function merge(list, fresh) {
    const old = new Map([...list.children].map((entry) => [entry.dataset.key, entry]));
    let here = list.firstElementChild;
    for (const entry of [...fresh.children]) {
      const known = old.get(entry.dataset.key);
      old.delete(entry.dataset.key);
      const same = known && known.outerHTML === entry.outerHTML;
      if (same && known === here) {
        here = here.nextElementSibling;
      } else if (same) {
        list.insertBefore(known, here);
      } else if (known === here && known) {
        here = here.nextElementSibling;
        known.replaceWith(entry);
      } else {
        if (known) known.remove();
        list.insertBefore(entry, here);
      }
    }
    old.forEach((entry) => entry.remove());
  }

  function put(id, html) {
    const part = document.getElementById(id);
    if (!part || part.dataset.shown === html) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const [list, next] = [part, fresh.content].map((place) => place.querySelector("[data-keyed]"));
    const below = list ? list.scrollHeight - list.scrollTop - list.clientHeight : 0;
    const focused = part.contains(document.activeElement) && document.activeElement;
    if (list && next && part.childElementCount === 1) {
      merge(list, next);
    } else if (part.innerHTML !== html) {
      part.replaceChildren(fresh.content);
      const again = focused && ((focused.id && document.getElementById(focused.id)) || part.querySelector("button, a"));
      if (again) again.focus({ preventScroll: true });
    }
    part.dataset.shown = html;
    if (below < 40) toBottom(part);
  }

  function toBottom(part) {
    part.querySelectorAll("[data-bottom]").forEach((list) => { list.scrollTop = list.scrollHeight; });
  }

  // Logged out meanwhile: on to the login page, but not before what was written is saved elsewhere.
  function leave() {
    const written = [...document.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
    const told = document.getElementById("logged-out");
    if (!written || !told) {
      location.reload();
      return;
    }
    told.hidden = false;
    told.closest("form").querySelectorAll("button").forEach((button) => { button.disabled = true; });
  }

  async function refresh() {
    timer = 0;
    if (document.hidden) return;
    try {
      const answer = await fetch(root.dataset.live, {
        headers: { Accept: "application/json", ...(mark && { "If-None-Match": mark }) },
        cache: "no-store",
        credentials: "same-origin",
      });
      if (answer.status === 401 || answer.status === 403) {
        leave();
        return;
      }
      quiet += 1;
      if (answer.status === 200) {
        quiet = 0;
        mark = answer.headers.get("ETag") || "";
        for (const [id, html] of Object.entries(await answer.json())) put(id, html);
      }
    } catch {
      // The network is away: the next round comes anyway.
    }
    next();
  }

  function next() {
    const pace = document.querySelector("[data-busy]") ? 1000 : Math.min(2000 + 200 * quiet, 8000);
    if (!timer && !document.hidden) timer = setTimeout(refresh, pace);
  }

  toBottom(document);
  if (root) {
    document.addEventListener("visibilitychange", () => {
      clearTimeout(timer);
      timer = 0;
      quiet = 0;
      if (!document.hidden) refresh();
    });
    next();
  }
})();
