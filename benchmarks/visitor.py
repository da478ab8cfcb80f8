"""A visitor in Chromium with a clock: the times are the browser's own, not Playwright's, which looks seldom."""

import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from access.places.pack import NATIONAL
from tests.browser import CHROMIUM_FLAGS, chromium, running_app

DEADLINE_MS = 30_000
# As tests.browser.watch, but by a flag: Playwright's routes slow every request down and turn the cache off.
NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# Runs in every frame before its own scripts. A time is taken two animation frames after what was waited for is
# there, so that it has been painted; all are milliseconds since 1970, which frames have in common. Infinity: it did
# not come.
WATCH = """
{
const main = (selector) => document.querySelectorAll(`[data-testid="stMain"] ${selector}`);
const watched = {
  // The frame of the map, once Leaflet has made it.
  frame() {
    const inside = document.querySelector('iframe[data-testid="stCustomComponentV1"]')?.contentWindow;
    return inside?.map ? inside : null;
  },
  layers() { return Object.values(watched.frame()?.map._layers ?? {}); },
  // The colours of the counties in order; "" until every one has its own.
  fills() {
    const fills = watched.layers().filter((layer) => layer.access).map((layer) => layer.options.fillColor);
    return fills.every(Boolean) ? fills.map((fill) => typeof fill === "string" ? fill : "hatched").join() : "";
  },
  markers() {
    const drawn = watched.frame()?.document.querySelectorAll(".leaflet-marker-icon") ?? [];
    return [...drawn].map((one) => one.textContent + one.style.transform).join();
  },
  // The sentence or count that answers the page's question: the first heading under the title.
  headline() { return main("h3")[0]?.textContent ?? ""; },
  figures() { return watched.headline() + (main("table")[0]?.textContent ?? ""); },
  count(selector) { return main(selector).length; },
  usable(selector) {
    const control = main(selector)[0];
    return Boolean(control?.getClientRects().length) && !control.disabled && control.ariaDisabled !== "true";
  },
  // The page's script has run to its end.
  rested() { return document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning"; },
  when(isTrue) {
    const end = Date.now() + DEADLINE_MS;
    return new Promise((done) => {
      const look = () => {
        if (isTrue()) requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now())));
        else if (Date.now() > end) done(Infinity);
        else requestAnimationFrame(look);
      };
      look();
    });
  },
  // From the next `event` in `inside` until each of `answers` is true: `watched.answers` will be the milliseconds.
  from(event, inside, answers) {
    const begun = new Promise((done) => {
      inside.addEventListener(event, () => done(Date.now()), { capture: true, once: true });
    });
    watched.answers = begun.then((start) => Promise.all(answers.map(async (one) => await watched.when(one) - start)));
  },
};
window.watched = watched;
}
""".replace("DEADLINE_MS", str(DEADLINE_MS))


@dataclass(frozen=True)
class App:
    """The app on its own server, and a browser; `started_seconds`: until the server answered."""

    address: str
    browser: Browser
    started_seconds: float

    @contextmanager
    def visitor(self) -> Iterator[BrowserContext]:
        """A new visitor, whose browser has kept nothing."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(WATCH)
        try:
            yield context
        finally:
            context.close()


@contextmanager
def fresh_app() -> Iterator[App]:
    """The app on the national pack, just started; nobody has been there."""
    begun = time.perf_counter()
    with running_app(TRD_ACCESS_PACK=NATIONAL) as address:
        started = time.perf_counter() - begun
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*CHROMIUM_FLAGS, NO_OTHER_HOST])
            try:
                yield App(address, browser, started)
            finally:
                browser.close()


def seconds_until(page: Page, address: str, is_true: str) -> float:
    """From the start of the navigation to `address` until the JavaScript expression is true and painted."""
    page.goto(address, wait_until="commit")
    taken: float = page.evaluate(f"async () => await watched.when(() => {is_true}) - performance.timeOrigin")
    return taken / 1000


@dataclass
class Received:
    """The bytes that a page was sent so far, as they came over the wire: of the map and its frame, and of all."""

    map_bytes: float = 0
    all_bytes: float = 0


def received(page: Page) -> Received:
    """Counts from now on what `page` is sent; messages over the websocket count for the map, whose scene they carry."""
    counted = Received()
    of_map = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def asked(event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        of_map[event["requestId"]] = "/app/static/" in url or "/streamlit_folium." in url

    def loaded(event: dict[str, Any]) -> None:
        counted.all_bytes += event["encodedDataLength"]
        counted.map_bytes += event["encodedDataLength"] * of_map.get(event["requestId"], False)

    def told(event: dict[str, Any]) -> None:
        size = len(b64decode(event["response"]["payloadData"]))
        counted.all_bytes += size
        counted.map_bytes += size

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", loaded)
    session.on("Network.webSocketFrameReceived", told)
    return counted


def expect_from(page: Page, event: str, inside: str, setup: str, *answers: str) -> None:
    """Be ready for the next `event` in a window: `setup` runs now, the answers are expressions that come true."""
    wanted = ", ".join(f"() => {one}" for one in answers)
    page.evaluate(f"() => {{ {setup}; watched.from('{event}', {inside}, [{wanted}]); }}")


def seconds_since(page: Page) -> list[float]:
    """From that event to each of its answers."""
    taken: list[float] = page.evaluate("async () => await watched.answers")
    return [one / 1000 for one in taken]
