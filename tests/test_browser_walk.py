"""The three questions answered in Chromium, on the starter pack and on the national one, with no network."""

from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from tests.browser import map_frame, open_page, settle

pytestmark = [pytest.mark.browser]
SOON = 30_000
PHONE = 500


@pytest.fixture(params=["starter", "us-2020"])
def address(request: pytest.FixtureRequest) -> str:
    name = "starter_app" if request.param == "starter" else "national_app"
    return str(request.getfixturevalue(name))


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click(timeout=SOON)
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=SOON)


def find_care(page: Page) -> None:
    go(page, "Find care")
    page.get_by_label("ZIP, town or county").fill("Denver, CO")
    page.get_by_label("ZIP, town or county").press("Enter")
    expect(page.get_by_role("heading", name="in our data within 120 minutes of Denver")).to_be_visible(timeout=SOON)
    expect(page.locator(".care-cards > li").nth(3)).to_be_visible(timeout=SOON)
    expect(page.get_by_text("How we know:").first).to_be_visible()
    expect(map_frame(page).locator(".access-point").first).to_be_visible(timeout=SOON)


def see_the_gap(page: Page) -> None:
    go(page, "Access gaps")
    expect(page.get_by_role("heading", name="clinic in our data (an estimate)")).to_be_visible(timeout=SOON)
    expect(map_frame(page).locator("canvas").first).to_be_visible(timeout=SOON)
    farther = page.get_by_role("heading", name="more than 90 minutes")
    for _ in range(2):
        settle(page)  # the map's first word runs the page again, and a key pressed meanwhile is lost
        page.get_by_role("slider").focus()
        page.get_by_role("slider").press("ArrowRight")
        with suppress(AssertionError):
            expect(farther).to_be_visible(timeout=SOON / 2)
            break
    expect(farther).to_be_visible(timeout=SOON)


def add_a_clinic(page: Page) -> None:
    go(page, "Scenarios")
    page.get_by_label("Add a clinic").fill("Miles City, MT")
    page.get_by_label("Add a clinic").press("Enter")
    expect(page.get_by_role("heading", name="people come within 60 minutes")).to_be_visible(timeout=SOON)
    expect(map_frame(page).locator("canvas").first).to_be_visible(timeout=SOON)


def test_the_three_questions_are_answered_with_no_network(address: str, request: pytest.FixtureRequest) -> None:
    # The journeys walk the national pack at both widths; here each pack is walked at one.
    width = 1280 if "starter" in request.node.name else 360
    with open_page(address, width=width, touch=width < PHONE) as (page, witness):
        expect(page.get_by_role("heading", name="Where can I get care?")).to_be_visible(timeout=SOON)
        find_care(page)
        see_the_gap(page)
        add_a_clinic(page)
        go(page, "Data and methods")
        expect(page.get_by_role("heading", name="Privacy")).to_be_visible(timeout=SOON)
        see_the_gap(page)
        zoom = map_frame(page).locator("body").evaluate("() => window.map.getZoom()")
        assert zoom < 6, "the map fitted its bounds to a frame without a size"
        witness.assert_clean()


def test_a_click_on_the_map_adds_a_clinic(address: str) -> None:
    with open_page(address) as (page, witness):
        go(page, "Scenarios")
        canvas = map_frame(page).locator("canvas").first
        expect(canvas).to_be_visible(timeout=SOON)
        expect(map_frame(page).locator(".access-point").first).to_be_visible(timeout=SOON)
        canvas.scroll_into_view_if_needed()
        settle(page)
        box = canvas.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] * 0.43, box["y"] + box["height"] * 0.4)
        expect(page.get_by_text("Open: New clinic 1")).to_be_visible(timeout=SOON)
        expect(page.get_by_text("Take back")).to_be_visible()
        witness.assert_clean()


def test_a_link_to_a_gap_opens_that_gap(address: str) -> None:
    with open_page(f"{address}/Access_gaps?area=Ohio&treatment=TMS") as (page, witness):
        heading = page.get_by_role("heading", name="people in Ohio")
        expect(heading).to_be_visible(timeout=SOON)
        expect(page.get_by_role("heading", name="the nearest TMS clinic")).to_be_visible()
        assert witness.foreign == []
