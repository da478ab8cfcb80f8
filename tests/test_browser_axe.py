"""No serious or critical violation of WCAG 2.1 A and AA, as axe-core finds them, on any page, wide and narrow."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Frame, Page

from tests.browser import ROOT, map_frame, open_page, running_app
from tests.visitor import ASKED, ask, go, settle
from ui.frame import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser_axe")]

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDTHS = (1280, 360)
LAID_OUT_MS = 300
# What we cannot mend, since Streamlit's own widgets do it: (rule, a selector as narrow as can be, why).
NOT_OURS: list[tuple[str, str, str]] = []
RUN = """
async ([levels, known]) => {
  const found = await axe.run(document, { runOnly: levels, resultTypes: ["violations"], iframes: false });
  const grave = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
  return grave.flatMap((one) => one.nodes
    .filter((node) => !known.some(([rule, selector]) =>
      rule === one.id && document.querySelector(node.target[0])?.matches(selector)))
    .map((node) => `${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_app(TRD_ACCESS_DATA="/nonexistent", TRD_ACCESS_PACK="starter") as address:
        yield address


def violations(frame: Frame, known: list[tuple[str, str, str]]) -> list[str]:
    frame.evaluate(AXE)
    found: list[str] = frame.evaluate(RUN, [LEVELS, [one[:2] for one in known]])
    return found


def all_violations(page: Page) -> list[str]:
    found = violations(page.main_frame, NOT_OURS)
    for frame in page.frames[1:]:
        found += violations(frame, [])
    return found


def at_every_width(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(LAID_OUT_MS)
        found += [f"{width} px: {one}" for one in all_violations(page)]
    return found


def test_no_page_has_a_grave_violation_wide_or_narrow_before_or_after_it_answers(address: str) -> None:
    with open_page(address) as (page, witness):
        found: dict[str, Any] = {}
        for name in PAGES:
            go(page, name)
            found[name] = at_every_width(page)
            if name in ASKED:
                ask(page, ASKED[name])
                assert map_frame(page).locator("body").count() == 1
                found[f"{name}, answered"] = at_every_width(page)
        assert {name: some for name, some in found.items() if some} == {}
        witness.assert_clean()


def test_axe_would_find_a_picture_without_words_and_pale_text(address: str) -> None:
    with open_page(address) as (page, _):
        settle(page)
        page.evaluate("""() => document.querySelector("h1").insertAdjacentHTML(
            "afterend", '<img src="/app/static/icon.png"><p style="color:#bbb">Pale</p>')""")
        found = " ".join(all_violations(page))
        assert "image-alt" in found
        assert "color-contrast" in found


def test_the_list_of_what_is_not_ours_does_not_grow() -> None:
    assert len(NOT_OURS) == 0
