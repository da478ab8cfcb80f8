// What every page does in the browser: its language for screen readers, and tables that scroll reached by keyboard.
(() => {
  document.documentElement.lang = LANGUAGE;
  if (window.accessPage) return;
  window.accessPage = true;
  const reach = () => {
    for (const part of document.querySelectorAll('[data-testid="stTable"] div')) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    }
  };
  new MutationObserver(reach).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", reach);
})();
