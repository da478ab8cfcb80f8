"""Hostile text, typed into every box or standing in every field of a clinic, runs nothing and asks no other host."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from access.places.pack import save_pack
from tests.browser import Witness, map_frame, open_page, running_app
from tests.payloads import HOSTILE
from tests.visitor import ask, go, map_of, settle, text_boxes
from tests.worlds import hostile_pack
from ui.frame import CRISIS_LINE, PAGES, UNFORESEEN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser_hostile")]

SHORT = [text for text in HOSTILE if len(text) < 200]
BILLINGS = {"latitude": 45.78, "longitude": -108.5}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("hostile")
    save_pack(hostile_pack(SHORT, **BILLINGS), data / "hostile")
    with running_app(TRD_ACCESS_DATA=str(data), TRD_ACCESS_PACK="hostile") as address:
        yield address


def assert_harmless(page: Page, witness: Witness) -> None:
    """Nothing has run in the page or a frame, nothing is broken, no other host was asked, the page is alive."""
    assert [frame.evaluate("window.ran || null") for frame in page.frames] == [None] * len(page.frames)
    hostile = page.locator("img[src='x'], svg[onload], [onerror], a[href^='javascript'], main img[src*='evil']")
    assert hostile.count() == 0
    shown = page.locator("body").inner_text()
    assert "Traceback" not in shown
    assert UNFORESEEN not in shown
    assert not re.search("1,?787,?569", shown), "a template was worked out"
    assert re.sub(r"[*\[\]]|\(http\S+\)", "", CRISIS_LINE)[:60] in shown
    witness.assert_clean()


def type_into_every_box(page: Page, turn: int) -> None:
    for number in range(text_boxes(page).count()):
        box = text_boxes(page).nth(number)
        text = HOSTILE[(turn + number) % len(HOSTILE)]
        if box.get_attribute("type") == "number":
            text = ["-1", "1e308", "99999999999999999999", "0"][turn % 4]
        box.fill(text)
        box.press("Enter" if box.evaluate("(box) => box.tagName") == "INPUT" else "Control+Enter")


def type_into_every_choice(page: Page) -> None:
    """A payload typed where one may search among choices: it finds none."""
    boxes = page.locator("input[role='combobox']:enabled")
    for number in range(boxes.count()):
        boxes.nth(number).click()
        boxes.nth(number).fill(SHORT[0])
        page.keyboard.press("Escape")


def test_hostile_text_typed_into_every_box_of_every_page_does_nothing(address: str) -> None:
    with open_page(address) as (page, witness):
        for name in PAGES:
            go(page, name)
            type_into_every_choice(page)
            for turn in range(len(HOSTILE) if text_boxes(page).count() else 0):
                type_into_every_box(page, turn)
                page.wait_for_timeout(60)
            settle(page)
            assert_harmless(page, witness)


def close_a_clinic(page: Page) -> None:
    page.get_by_role("combobox").last.click()
    page.get_by_role("option").nth(3).click()
    settle(page)


def press_every_marker(page: Page) -> None:
    map_of(page)
    markers = map_frame(page).locator(".access-point")
    assert markers.count() > len(SHORT) / 2
    for number in range(markers.count()):
        markers.nth(number).hover(force=True)
        markers.nth(number).press("Enter")
    expect(map_frame(page).locator(".leaflet-popup-content").first).to_be_visible()


def test_a_pack_full_of_payloads_is_shown_as_text_on_every_page_and_map(address: str) -> None:
    with open_page(address, height=1400) as (page, witness):
        for name in PAGES:
            go(page, name)
            if name == "Find care":
                ask(page, "Billings, MT")
                expect(page.get_by_text(SHORT[0]).first).to_be_visible()
                press_every_marker(page)
            if name == "Scenarios":
                close_a_clinic(page)
            for expander in page.get_by_test_id("stExpander").all():
                expander.locator("summary").click()
            settle(page)
            assert_harmless(page, witness)
