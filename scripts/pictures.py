"""Takes the README's pictures from the real pages, on the starter pack: python -m scripts.pictures."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser import ROOT, map_frame, open_page, running_app

FOLDER = ROOT / "docs"
SETTLED_MS = 2500


def take(page: Page, name: str) -> None:
    map_frame(page).locator(".access-point").first.wait_for()
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=FOLDER / name)


def find_care(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/Find_care")
    page.get_by_label("ZIP, town or county").fill("Denver, CO")
    page.get_by_label("ZIP, town or county").press("Enter")
    take(page, name)


def pictures(address: str) -> None:
    with open_page(address, height=1000) as (page, _):
        find_care(page, address, "find_care.png")
        page.goto(f"{address}/Access_gaps?area=Ohio&treatment=TMS")
        take(page, "access_gaps.png")
        page.goto(f"{address}/Scenarios?what=ect&people=MT&open=46.41,-105.84&name=Miles City, MT")
        page.get_by_text("Take back").wait_for()
        take(page, "scenarios.png")
    with open_page(address, width=360, height=760, touch=True) as (page, _):
        find_care(page, address, "phone.png")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with running_app(TRD_ACCESS_DATA=str(Path("/nonexistent")), TRD_ACCESS_PACK="starter") as where:
        pictures(where)
