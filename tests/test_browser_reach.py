"""Find care by keyboard alone, at 200 %, with pictures and the map's scripts off: the list is always complete."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import open_page

pytestmark = [pytest.mark.browser]
SOON = 30_000
PLACE = "ZIP, town or county"
# What sticks out of the page sideways, apart from parts that scroll by themselves.
OVERHANG = """width => [...document.querySelectorAll('[data-testid="stMain"] *')].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > width + 1 && !one.closest(
    '.care-compared, .access-table, [data-testid="stTable"], iframe, .care-heard, thead, [data-testid="stDataFrame"]');
}).map((one) => one.outerHTML.slice(0, 120))"""


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Presses Tab until what has the focus is called `name`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        called = page.evaluate(
            """() => {
              const here = document.activeElement;
              if (!here.matches("a, button, input, summary")) return "";
              return here.getAttribute("aria-label") || here.innerText || "";
            }"""
        )
        if name in called:
            return
    raise AssertionError(f"{most} presses of Tab do not reach '{name}'")


def search(page: Page) -> None:
    page.get_by_label(PLACE).fill("Denver, CO")
    page.get_by_label(PLACE).press("Enter")
    expect(page.locator(".care-cards > li").nth(3)).to_be_visible(timeout=SOON)


def test_care_is_found_by_keyboard_alone(starter_app: str) -> None:
    with open_page(starter_app) as (page, witness):
        expect(page.get_by_role("link", name="Find care", exact=True).first).to_be_visible(timeout=SOON)
        tab_to(page, "Find care")
        page.keyboard.press("Enter")
        expect(page.get_by_label(PLACE)).to_be_visible(timeout=SOON)
        tab_to(page, PLACE)
        page.keyboard.type("Denver, CO")
        page.keyboard.press("Enter")
        expect(page.locator(".care-cards > li").nth(3)).to_be_visible(timeout=SOON)
        tab_to(page, "the whole course")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your driver's time").first).to_be_visible()
        witness.assert_clean()


@pytest.mark.parametrize("width", [640, 320])
def test_at_200_percent_nothing_sticks_out_of_the_page(starter_app: str, width: int) -> None:
    """1280 pixels at 200 % are 640 of CSS, a phone of 640 at 200 % is 320."""
    with open_page(starter_app, width=width) as (page, _):
        for name in ("Find care", "Treatments", "Access gaps", "Scenarios", "Privacy"):
            page.get_by_role("link", name=name, exact=True).first.click(timeout=SOON)
            expect(page.get_by_role("heading", level=1, name=name)).to_be_visible(timeout=SOON)
            if name == "Find care":
                search(page)
            page.wait_for_timeout(1500)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert page.evaluate(OVERHANG, width) == [], name


def test_without_pictures_and_without_the_map_the_list_is_complete(starter_app: str) -> None:
    with open_page(starter_app, broken="**/vendor/**") as (page, _):
        page.route(re.compile(r"\.(png|jpg|svg|gif|webp)"), lambda route: route.abort())
        page.get_by_role("link", name="Find care", exact=True).first.click(timeout=SOON)
        search(page)
        heading = page.get_by_role("heading", name=re.compile("clinics in our data within")).inner_text()
        assert page.locator(".care-cards > li").count() == int(heading.split()[0])
        expect(page.get_by_text("How we know:").first).to_be_visible()
