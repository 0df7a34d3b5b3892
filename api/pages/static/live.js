// Keeps the parts of a page that live fresh. Without it everything works too: by reloading.
"use strict";

(() => {
  const root = document.querySelector("[data-live]");
  const pace = root ? Number(root.dataset.pace || 2000) : 0;
  let mark = "";
  let timer = 0;

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

  function put(id, html) {
    const part = document.getElementById(id);
    if (!part || part.innerHTML === html || part.dataset.shown === html) return;
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const bottom = part.querySelector("[data-bottom]");
    const below = bottom ? bottom.scrollHeight - bottom.scrollTop - bottom.clientHeight : 0;
    part.innerHTML = html;
    part.dataset.shown = html;
    if (focused) {
      const again = (focused.id && document.getElementById(focused.id)) || part.querySelector("button, a");
      if (again) again.focus({ preventScroll: true });
    }
    if (below < 40) toBottom(part);
  }

  function toBottom(part) {
    part.querySelectorAll("[data-bottom]").forEach((list) => { list.scrollTop = list.scrollHeight; });
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
        location.reload();
        return;
      }
      if (answer.status === 200) {
        mark = answer.headers.get("ETag") || "";
        for (const [id, html] of Object.entries(await answer.json())) put(id, html);
      }
    } catch {
      // The network is away: the next round comes anyway.
    }
    next();
  }

  function next() {
    if (!timer && !document.hidden) timer = setTimeout(refresh, pace);
  }

  toBottom(document);
  if (root) {
    document.addEventListener("visibilitychange", () => {
      clearTimeout(timer);
      timer = 0;
      if (!document.hidden) refresh();
    });
    next();
  }
})();
