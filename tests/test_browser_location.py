"""Use my location: asked for only on a press, rounded in the browser, and a plain sentence where it fails."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import open_browser, open_page

pytestmark = [pytest.mark.browser]
EXACT = {"latitude": 41.503171, "longitude": -81.693428}
PLACE, BUTTON = "ZIP, town or county", "Use my location"
# The page's own word on whether it was asked: counts calls, then does what the browser does.
COUNT_CALLS = """
window.asked = 0;
const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
navigator.geolocation.getCurrentPosition = (...rest) => { window.asked += 1; real(...rest); };
"""


@pytest.fixture(scope="module")
def desk() -> Iterator[BrowserContext]:
    with open_browser() as browser:
        yield browser


def frames_of(page: Page) -> list[bytes]:
    """What the page sends to the server from now on, as it goes out."""
    frames: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        frames.append(frame.encode() if isinstance(frame, str) else frame)

    page.on("websocket", lambda socket: socket.on("framesent", keep))
    return frames


def test_where_i_am_leaves_the_browser_rounded_and_only_when_pressed(starter_app: str, desk: BrowserContext) -> None:
    with open_page(starter_app, within=desk) as (page, witness):
        frames = frames_of(page)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(EXACT)
        page.add_init_script(COUNT_CALLS)
        page.reload()
        page.get_by_role("link", name="Find care").first.click()
        button = page.get_by_role("button", name=BUTTON)
        expect(button).to_be_visible()
        assert page.evaluate("window.asked") == 0
        button.press("Enter")
        expect(page.get_by_role("heading", name=re.compile("clinics in our data within"))).to_be_visible()
        assert page.evaluate("window.asked") == 1
        sent = b"".join(frames)
        assert b"41.5" in sent, "the test sees what is sent"
        assert b"41.503" not in sent
        assert b"81.693" not in sent
        assert ("41.5" in page.url, witness.foreign) == (False, [])


def test_what_is_typed_afterwards_counts(starter_app: str, desk: BrowserContext) -> None:
    with open_page(starter_app, within=desk) as (page, witness):
        page.get_by_role("link", name="Find care").first.click()
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(EXACT)
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_role("heading", name=re.compile("of your place"))).to_be_visible()
        page.get_by_label(PLACE).fill("80202")
        page.get_by_label(PLACE).press("Enter")
        expect(page.get_by_role("heading", name=re.compile("of 80202"))).to_be_visible()
        witness.assert_clean()


def test_a_refusal_is_one_sentence_that_says_what_to_do(starter_app: str, desk: BrowserContext) -> None:
    with open_page(starter_app, within=desk) as (page, witness):
        page.get_by_role("link", name="Find care").first.click()
        page.context.clear_permissions()
        page.evaluate("() => { navigator.geolocation.getCurrentPosition = (found, failed) => failed({ code: 1 }); }")
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_text("Your browser did not share where you are. Type a ZIP")).to_be_visible()
        witness.assert_clean()


def test_a_place_abroad_is_one_sentence(starter_app: str, desk: BrowserContext) -> None:
    with open_page(starter_app, within=desk) as (page, _):
        page.get_by_role("link", name="Find care").first.click()
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": 48.85, "longitude": 2.35})
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_text("outside the United States")).to_be_visible()
