"""What a visitor does on any page, whatever its words: goes there, types a place, waits for the answer."""

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser import map_frame
from ui.frame import PAGES

SOON = 30_000
# What each page is asked so that it shows an answer; the others answer at once.
ASKED = {"Find care": "Denver, CO", "Scenarios": "Miles City, MT"}
TITLES = {name: name for name in PAGES} | {"Start": "Care for treatment-resistant depression"}
_AT_REST = """
() => new Promise((rest) => {
  const app = document.querySelector('[data-testid="stApp"]');
  let since = Date.now();
  const look = () => {
    if (app?.dataset.testScriptState !== "notRunning" || document.querySelector('[data-testid="stSkeleton"]'))
      since = Date.now();
    if (Date.now() - since > 400) rest(); else setTimeout(look, 40);
  };
  look();
})
"""


def go(page: Page, name: str) -> None:
    """The page of that name, by its link, at rest."""
    page.get_by_role("link", name=name, exact=True).first.click(timeout=SOON)
    expect(page.get_by_role("heading", level=1, name=TITLES[name], exact=True)).to_be_visible(timeout=SOON)
    settle(page)


def ask(page: Page, text: str) -> None:
    """The text typed into the first box of the page, and sent."""
    box = text_boxes(page).first
    box.fill(text)
    box.press("Enter")
    settle(page)


def text_boxes(page: Page) -> Locator:
    """Every box that takes free text, in the order of the page."""
    kinds = ("stTextInput", "stTextArea", "stNumberInput")
    return page.locator(", ".join(f'[data-testid="{kind}"] :is(input, textarea):enabled' for kind in kinds))


def settle(page: Page) -> None:
    """Returns when the page has stopped working, and its map, if it has one, is there."""
    page.wait_for_timeout(150)
    page.evaluate(_AT_REST)
    if page.locator("iframe").count():
        expect(map_frame(page).locator(".leaflet-map-pane")).to_be_attached(timeout=SOON)


def map_of(page: Page) -> FrameLocator:
    """The frame of the map, with its markers drawn."""
    frame = map_frame(page)
    expect(frame.locator(".access-point, .access-cluster").first).to_be_visible(timeout=SOON)
    return frame
