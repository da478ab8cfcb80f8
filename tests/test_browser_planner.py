"""A planner's hour in Chromium: open, certify, close, ask where next, compare, save, load the page again, export."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, TimeoutError, expect

from access.scenarios.scenario import read_scenario
from tests.browser import map_frame, open_browser, open_page, pick, settle

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def room() -> Iterator[BrowserContext]:
    with open_browser(width=1280, height=1000) as browser:
        yield browser


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def look_at(page: Page, part: str) -> None:
    page.get_by_role("radio", name=part, exact=True).click()
    settle(page)


def typed(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=label == "Name")
    box.fill(text)
    box.press("Enter")
    settle(page)


def expect_changes(page: Page, number: int) -> None:
    expect(page.get_by_role("button", name="Take back", exact=True)).to_have_count(number)


def close_clinic(page: Page, text: str) -> None:
    """As `pick`, but without Escape: in a box that can be empty that takes the choice back."""
    box = page.get_by_role("combobox", name="Close a clinic")
    box.click()
    box.fill(text)
    expect(page.get_by_role("option").first).to_contain_text(text)
    box.press("Enter")
    settle(page)


def edit(page: Page) -> None:
    """Two clinics opened, one certified, one closed; the map shows it and stays where it is."""
    typed(page, "Add a clinic", "Miles City, MT")
    typed(page, "Add a clinic", "Havre, MT")
    expect(page.get_by_role("heading", name="people come within 60 minutes")).to_be_visible()
    page.get_by_text("Other changes").click()
    typed(page, "Find a clinic", "missoula")
    press(page, "Make this change")
    page.get_by_text("Other changes").click()
    close_clinic(page, "Billings")
    expect(page.get_by_text("Close: ")).to_be_visible()
    expect_changes(page, 4)
    expect(page.get_by_role("heading", name="fall out of 60 minutes")).to_be_visible()
    expect(map_frame(page).locator(".access-point").first).to_be_visible()


def ask_where_next(page: Page) -> None:
    look_at(page, "Where next")
    press(page, "Find them")
    expect(page.get_by_text("this is proven")).to_be_visible()
    press(page, "Add these to the scenario")
    expect_changes(page, 7)


def compare(page: Page) -> None:
    look_at(page, "Side by side")
    typed(page, "Name of the scenario on this page", "Seven changes")
    press(page, "Set aside to compare")
    page.get_by_role("button", name="Take back", exact=True).last.click()
    settle(page)
    typed(page, "Name of the scenario on this page", "Six changes")
    table = page.get_by_role("region", name="Scenarios side by side")
    expect(table.get_by_role("columnheader")).to_have_text(["figure", "as now", "Seven changes", "Six changes"])


def save(page: Page, name: str) -> None:
    look_at(page, "Keep and share")
    typed(page, "Name", name)
    typed(page, "Who saves it", "Ana")
    press(page, "Save")
    expect(page.get_by_text("is kept as version 1")).to_be_visible()


def open_again(page: Page, name: str) -> None:
    """What was kept is there after the page is loaded anew, by whoever opens it."""
    page.reload()
    expect(page.get_by_role("heading", name="Nobody comes within")).to_be_visible()
    pick(page, "People of", "Montana")
    pick(page, "Treatment", "Esketamine")
    look_at(page, "Keep and share")
    pick(page, "Kept here", name)
    press(page, "Open this version")
    expect_changes(page, 6)


def downloaded(page: Page, button: str) -> Path:
    """The file behind a button; a press while the page runs again is lost, and a person would press again."""
    for patience in (10_000, 10_000, 30_000):
        settle(page)
        try:
            with page.expect_download(timeout=patience) as waiting:
                page.get_by_role("button", name=button).click()
        except TimeoutError:
            continue
        return waiting.value.path()
    raise AssertionError(f"{button} gave no file")


def take_away(page: Page) -> None:
    expect(map_frame(page).locator(".access-point").first).to_be_visible()
    assert downloaded(page, "Report (English, PDF)").read_bytes().startswith(b"%PDF")
    plan = read_scenario(downloaded(page, "Scenario (YAML)"))
    assert [edit.action for edit in plan.edits] == ["open", "open", "certify", "close", "open", "open"]


def test_a_planners_hour(national_app: str, room: BrowserContext, tmp_path: Path) -> None:
    name = f"Montana {tmp_path.name[-20:]}"
    with open_page(f"{national_app}/Scenarios", within=room) as (page, witness):
        expect(page.get_by_role("heading", name="Nobody comes within")).to_be_visible()
        pick(page, "People of", "Montana")
        pick(page, "Treatment", "Esketamine")
        edit(page)
        ask_where_next(page)
        compare(page)
        save(page, name)
        open_again(page, name)
        take_away(page)
        assert witness.foreign == []
