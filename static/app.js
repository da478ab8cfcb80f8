// What Streamlit's pages lack: a table that scrolls sideways can be reached, and scrolled, by keyboard; a column sorts.
"use strict";

(() => {
  // The app's own address, under whatever path it is served: every page of it lies one level down.
  const BASE = document.baseURI.replace(/[^/]*$/, "");
  const MAP_FILES = [
    "geo/states.json", "geo/counties.json", "map.js", "map.css", "vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css",
    "vendor/topojson-client/topojson-client.min.js", "vendor/leaflet.markercluster/leaflet.markercluster.js",
    "vendor/leaflet.markercluster/MarkerCluster.css", "vendor/h3-js/h3-js.umd.js",
  ];
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

  // Numbers as numbers, whatever stands around them; what is none comes last.
  function value(row, column) {
    const text = row.cells[column].textContent.trim();
    const number = parseFloat(text.replace(/,/g, ""));
    return [Number.isNaN(number) ? null : number, text];
  }

  function sort(head) {
    const column = head.cellIndex, body = head.closest("table").tBodies[0];
    const falls = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falls ? "descending" : "ascending");
    const rows = [...body.rows].map((row) => [value(row, column), row]);
    rows.sort(([[one, text], _], [[other, words], __]) => {
      if ((one === null) !== (other === null)) return one === null ? 1 : -1;
      const order = one === null ? text.localeCompare(words) : one - other;
      return falls ? -order : order;
    });
    body.append(...rows.map(([_, row]) => row));
  }

  // What a map needs, fetched while the visitor reads, unless they save data.
  function warm() {
    if (navigator.connection?.saveData) return;
    for (const path of MAP_FILES) fetch(new URL("app/static/" + path, BASE)).catch(() => undefined);
  }

  if (window.trdAccessLooks) return;
  document.addEventListener("click", (event) => {
    const head = event.target.closest?.(".access-sortable thead th");
    if (head) sort(head);
  });
  window.trdAccessLooks = true;
  (window.requestIdleCallback ?? setTimeout)(warm);
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; look(); }, 100);
  };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon);
  // A font that comes late makes a table wider, and changes nothing else.
  document.fonts.addEventListener("loadingdone", soon);
  soon();
})();
