"""The twelve journeys of docs/journeys.md, each walked in Chromium as that person would, at desk and phone width.

JOURNEY_PICTURES names a folder for a picture of the end of each.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import map_frame, open_browser, open_page, pick, settle

WIDTHS = {"desk": 1280, "phone": 360}
PHONE_BELOW = 500
SOON = 30_000
TALL = 2600
PLACE = re.compile("ZIP, town or county|Código ZIP")


@pytest.fixture(scope="module", params=list(WIDTHS))
def browser(request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width = WIDTHS[request.param]
    with open_browser(width=width, height=TALL, touch=width < PHONE_BELOW) as browser:
        yield browser


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: BrowserContext, national_app: str) -> Iterator[Page]:
    language = "?lang=es" if "spanish" in request.node.name else ""
    with open_page(national_app + language, within=browser) as (page, witness):
        page.locator('a[href*="Find_care"]').first.click(timeout=SOON)
        expect(page.get_by_label(PLACE)).to_be_visible(timeout=SOON)
        yield page
        if folder := os.environ.get("JOURNEY_PICTURES"):
            page.screenshot(path=Path(folder) / f"{request.node.name[5:40]}.png")
        assert (witness.errors, witness.foreign) == ([], [])
        assert page.viewport_size
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], "scrolls sideways"


def search(page: Page, where: str) -> None:
    page.get_by_label(PLACE).fill(where)
    page.get_by_label(PLACE).press("Enter")


def choose(page: Page, box: str, *options: str) -> None:
    for option in options:
        settle(page)
        field = page.get_by_role("combobox", name=box)
        field.click()
        field.fill(option)
        page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")
    settle(page)


def more(page: Page) -> None:
    page.get_by_text("How far, which days, driver, budget").click()


def tick(page: Page, label: str) -> None:
    page.locator("label", has=page.get_by_role("checkbox", name=label)).first.click()


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", name=words)).to_be_visible(timeout=SOON)


def card(page: Page, name: str) -> Locator:
    return page.locator(".care-cards > li", has=page.get_by_role("heading", name=name)).first


def course(page: Page, name: str, treatment: str) -> Locator:
    """The folded course of one treatment on a clinic's card, opened."""
    details = card(page, name).locator("details", has_text=f"{treatment}, the whole course")
    details.locator("summary").first.click()
    return details


def test_rural_montana_medicaid_and_no_car(page: Page) -> None:
    choose(page, "Insurance", "Medicaid")
    more(page)
    choose(page, "Longest way there, one way", "240 minutes")
    tick(page, "I have no car")
    search(page, "Miles City, MT")
    heading(page, re.compile(r"^\d clinics in our data within 240 minutes of Miles City"))
    expect(page.get_by_text("ask your plan for a ride")).to_be_visible()
    expect(page.get_by_text("Do not say if they take Medicaid: ask")).to_be_visible()
    # Billings is 205.9 minutes away by the estimate: six visits of 2 x 205.9 + 90 minutes are 50.2 hours, and so
    # are the sister's, since waiting there (501.7 minutes) takes less than driving twice (823.4).
    ketamine = course(page, "Montana Psychiatry & Brain Health Center", "IV ketamine")
    expect(ketamine).to_contain_text("6 visits over 3 weeks")
    expect(ketamine).to_contain_text("50 hours in all, drives included")
    expect(ketamine).to_contain_text("50 hours in all, waiting there or driving twice")
    expect(ketamine).to_contain_text("6 for you, 6 for your driver")


def test_bangor_and_ect(page: Page) -> None:
    choose(page, "Treatment", "ECT")
    search(page, "Bangor, ME")
    clinic = "Northern Light Acadia Hospital (ECT and ketamine)"
    ect = course(page, clinic, "ECT")
    # Bangor to the hospital is 3.2 km: 2 + 1.5 x 3.2 = 6.8 minutes. Nine visits of 2 x 6.8 + 210 minutes are 33.5
    # hours; the husband drives twice each time, 9 x 4 x 6.8 minutes = 4.1 hours, and loses nine half days.
    expect(ect).to_contain_text("9 visits over 3 weeks, up to 3 a week, about 210 minutes each")
    expect(ect).to_contain_text("34 hours in all")
    expect(ect).to_contain_text("4.1 hours in all, waiting there or driving twice")
    expect(ect).to_contain_text("a taxi or ride share alone is not allowed")
    expect(card(page, clinic).get_by_role("link", name="Call")).to_have_attribute("href", re.compile(r"^tel:\d{10,}$"))


def test_el_paso_in_spanish(page: Page) -> None:
    search(page, "El Paso, TX")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    heading(page, re.compile("clínicas? en nuestros datos"))
    expect(page.locator(".care-cards > li").first).to_contain_text("todo el tratamiento")
    expect(page.get_by_text("988").first).to_be_visible()


def test_a_caregiver_in_alaska(page: Page) -> None:
    search(page, "Bethel, AK")
    heading(page, re.compile("^0 clinics in our data"))
    expect(page.get_by_text("The nearest in a straight line")).to_be_visible()
    expect(page.get_by_text(re.compile("Anchorage, AK: 3[89]\\d|40\\d miles in a straight line")).first).to_be_visible()
    expect(page.get_by_text("There may still be care")).to_be_visible()


def test_a_veteran_in_tucson(page: Page) -> None:
    choose(page, "Insurance", "VA")
    tick(page, "Only clinics that state that they take VA")
    search(page, "Tucson, AZ")
    expect(card(page, "Southern Arizona VA Healthcare")).to_contain_text("Takes VA (stated).")
    expect(page.get_by_text("“VA stated” hides")).to_be_visible()
    expect(page.get_by_text("Veterans: 988 then 1")).to_be_visible()


def test_no_clinic_within_four_hours(page: Page) -> None:
    choose(page, "Treatment", "Esketamine (Spravato)")
    search(page, "Glasgow, MT")
    heading(page, re.compile("^0 clinics in our data"))
    expect(page.get_by_text("The nearest in a straight line")).to_be_visible()
    expect(page.get_by_text("Billings, MT").first).to_be_visible()
    expect(page.get_by_text("no care", exact=False)).to_have_count(0)


def test_three_thousand_dollars_in_denver(page: Page) -> None:
    choose(page, "Treatment", "IV ketamine")
    more(page)
    page.get_by_label("Most that the whole course may cost me").fill("3000")
    page.get_by_label("Most that the whole course may cost me").press("Enter")
    search(page, "Denver, CO")
    choose(page, "Show first", "the lowest cost of the whole course")
    # Mind Spa states $400 an infusion: 6 x 400 = 2,400; and 6 round trips of 11.55 miles at 20.5 cents are $28.
    spa = course(page, "Mind Spa", "IV ketamine")
    expect(spa).to_contain_text("about $2,400: 6 visits at $400, the price that the clinic states")
    expect(spa).to_contain_text("about $28, fuel and wear")
    expect(page.get_by_text("Best trade-offs of your time and money")).to_be_visible()


def test_fridays_only_in_columbus(page: Page) -> None:
    choose(page, "Treatment", "TMS")
    more(page)
    choose(page, "Days on which I can go", "Friday")
    search(page, "Columbus, OH")
    heading(page, re.compile("^0 clinics in our data"))
    page.get_by_role("button", name="Remove “Friday”").click()
    heading(page, re.compile(r"^\d+ clinics in our data within 120 minutes of Columbus"))
    expect(page.locator(".care-cards > li").first).to_contain_text("TMS")


def test_where_i_am_but_only_roughly(page: Page) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 41.503171, "longitude": -81.693428})
    page.get_by_role("button", name="Use my location").click()
    heading(page, re.compile("clinics in our data within 120 minutes of your place"))
    expect(page.get_by_text("41.503171")).to_have_count(0)
    assert "41.5" not in page.url


def test_side_by_side_and_on_paper(page: Page) -> None:
    choose(page, "Treatment", "IV ketamine", "Esketamine (Spravato)", "TMS")
    search(page, "Boulder, CO")
    expect(page.locator(".care-cards > li").first).to_be_visible(timeout=SOON)
    expect(map_frame(page).locator(".access-point").first).to_be_visible(timeout=SOON)  # it runs the page once more
    table = page.get_by_role("table", name="Your choices side by side")
    for count, treatment in enumerate(("IV ketamine", "Esketamine", "TMS"), 1):
        pick(page, "Up to four choices", treatment)
        expect(table.get_by_role("columnheader")).to_have_count(count)
    expect(table).to_contain_text("You may drive yourself")
    with page.expect_download() as paper:
        page.get_by_role("button", name="Shortlist (PDF)").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")


def test_a_slip_of_the_thumb(page: Page) -> None:
    search(page, "Springfeild, MO")
    expect(page.get_by_text("Did you mean Springfield, MO")).to_be_visible()
    search(page, "Springfield")
    expect(page.get_by_text("may be any of")).to_be_visible()
    search(page, "Springfield, MO")
    heading(page, re.compile("clinics? in our data within 120 minutes of Springfield, MO"))


def test_reading_first_by_keyboard(page: Page) -> None:
    page.get_by_role("link", name="Treatments").first.focus()
    page.keyboard.press("Enter")
    heading(page, "Treatments")
    expect(page.get_by_text("two antidepressants").first).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Find care").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label(PLACE).focus()
    page.keyboard.type("04401")
    page.keyboard.press("Enter")
    expect(page.locator(".care-cards > li").first).to_be_visible(timeout=SOON)
