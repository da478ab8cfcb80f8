"""Every page against WCAG 2.1 A and AA with axe-core, as it opens and with an answer, at desk and phone width."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser import ROOT, map_frame, open_page, pick

pytestmark = [pytest.mark.browser]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SOON = 30_000


def faults(where: Page | Frame) -> list[tuple[str, str]]:
    """Rule and part of each serious or critical violation; none is excused, not even in Streamlit's own widgets."""
    where.evaluate(AXE)
    found: dict[str, Any] = where.evaluate("tags => axe.run(document, { runOnly: tags })", TAGS)
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    return [(one["id"], node["html"][:300]) for one in grave for node in one["nodes"]]


def find_care(page: Page) -> None:
    page.get_by_label("ZIP, town or county").fill("Denver, CO")
    page.get_by_label("ZIP, town or county").press("Enter")
    expect(page.locator(".care-cards > li").nth(3)).to_be_visible(timeout=SOON)
    page.locator(".care-cards details summary").first.click()
    expect(map_frame(page).locator(".access-point").first).to_be_visible(timeout=SOON)
    for treatment in ("IV ketamine", "TMS"):
        pick(page, "Up to four choices", treatment)
    expect(page.get_by_role("table", name="Your choices side by side")).to_be_visible(timeout=SOON)
    for opened in ("How far, which days", "Visits, hours and prices", "Report a mistake"):
        page.get_by_text(opened).first.click()


def settled(heading: str | re.Pattern[str]) -> Callable[[Page], None]:
    def wait(page: Page) -> None:
        expect(page.get_by_role("heading", name=heading).first).to_be_visible(timeout=SOON)

    return wait


ANSWERS = {
    "Start": settled("Where can I get care?"),
    "Find care": find_care,
    "Treatments": settled("Sources"),
    "Access gaps": settled(re.compile("an estimate")),
    "Scenarios": settled(re.compile("Nobody comes within|people come within")),
    "Data and methods": settled("Limits"),
    "Privacy": settled("What stays here"),
}


@pytest.mark.parametrize(
    "width",
    [1280, 360],
)
def test_no_page_has_a_serious_fault(starter_app: str, width: int) -> None:
    with open_page(starter_app, width=width, touch=width < 500) as (page, _):
        found = {}
        for name, answer in ANSWERS.items():
            page.get_by_role("link", name=name, exact=True).first.click(timeout=SOON)
            expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SOON)
            answer(page)
            page.wait_for_timeout(1500)
            places = [frame for frame in page.frames if not frame.is_detached()]
            found[name] = [fault for frame in places for fault in faults(frame)]
        assert {name: one for name, one in found.items() if one} == {}
