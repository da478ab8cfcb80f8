"""A hostile list, brought to the page in a real browser and added: it runs on no page, and the section has no fault."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import map_frame, open_page, running_app, settle
from tests.payloads import PAYLOADS
from tests.test_browser_axe import faults
from tests.test_browser_privacy import SOON, open_find_care, ran, search

pytestmark = [pytest.mark.browser]


def hostile_list(folder: Path) -> Path:
    """Denver clinics named by payloads, one of them refused for its state, which is a payload too."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["name", "city", "state", "zip", "lat", "lng", "treatments", "note", PAYLOADS[0]])
    for number, payload in enumerate(PAYLOADS):
        table.writerow(
            [payload, payload, "CO", "80202", 39.70 + number / 100, -104.99, "ketamine_iv", payload, payload]
        )
    table.writerow(["Refused", "Denver", PAYLOADS[0], "80202", "", "", PAYLOADS[1], "", ""])
    path = folder / "hostile.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def bring(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Data and methods").first.click()
    expect(page.get_by_role("heading", name="Your own list")).to_be_visible(timeout=SOON)
    settle(page)
    page.get_by_text("I have a list to look at").click()
    settle(page)
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.get_by_text("1 row is refused.")).to_be_visible(timeout=SOON)
    settle(page)


def test_a_hostile_list_is_looked_at_added_and_runs_nowhere_on_a_phone(tmp_path: Path) -> None:
    width = 360
    with (
        running_app(TRD_ACCESS_DATA=str(tmp_path / "data")) as address,
        open_page(address, width=width) as (page, witness),
    ):
        bring(page, hostile_list(tmp_path))
        page.get_by_text("Columns that were understood").first.click()
        expect(page.get_by_role("table", name="Refused, by the rows of your file")).to_contain_text(PAYLOADS[0])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
        page.get_by_text("Leave out the refused rows").click()
        settle(page)
        page.get_by_role("button", name="Add these to my data").click()
        expect(page.get_by_text("clinics of your list are in the data")).to_be_visible(timeout=SOON)
        open_find_care(page)
        search(page, "80202")
        expect(page.locator(".care-cards").get_by_text(PAYLOADS[0], exact=True).first).to_be_visible(timeout=SOON)
        map_frame(page).locator(".access-point").last.press("Enter", timeout=SOON)
        expect(map_frame(page).locator(".leaflet-popup")).to_be_visible(timeout=SOON)
        settle(page)
        assert set(ran(page)) == {None}
        assert witness.foreign == []
