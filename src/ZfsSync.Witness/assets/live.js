// Replaces the main element when the witness says that something changed. Without this script the page is the same, only still.
(() => {
  const source = document.currentScript.dataset.events;
  let loading = false;
  let again = false;

  const refresh = async () => {
    if (loading) { again = true; return; }
    // What a person is about to send stays under their hand.
    if (document.activeElement?.closest("main form") || document.hidden) { again = true; return; }
    loading = true;
    again = false;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 401) { location.reload(); return; }
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      const main = document.querySelector("main");
      for (const details of main.querySelectorAll("details[id]")) {
        const same = next.querySelector("#" + CSS.escape(details.id));
        if (same) same.open = details.open;
      }
      main.replaceWith(next);
    } finally {
      loading = false;
      if (again) setTimeout(refresh, 1000);
    }
  };

  document.addEventListener("visibilitychange", () => again && refresh());
  document.addEventListener("focusout", () => again && setTimeout(refresh, 200));
  new EventSource(source).addEventListener("changed", refresh);
})();
