// What Streamlit's pages lack: a table that scrolls sideways can be reached, and scrolled, by keyboard.
"use strict";

(() => {
  const SCROLLING = '[data-testid="stTable"] > div';

  function reachable(box) {
    const scrolls = box.scrollWidth > box.clientWidth;
    if (scrolls === box.hasAttribute("tabindex")) return;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }

  function look() {
    document.querySelectorAll(SCROLLING).forEach(reachable);
  }

  if (window.trdAccessLooks) return;
  window.trdAccessLooks = true;
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; look(); }, 100);
  };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon);
  soon();
})();
