"""The app by keyboard alone, enlarged, without pictures, without the map, with less motion, in forced colours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from access.maps import colours
from tests.browser import map_frame, open_page, running_app
from tests.visitor import ASKED, ask, go, map_of, settle
from ui.frame import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser_reach")]

MOST_STOPS = 150
LAID_OUT_MS = 300
# Text that ends beyond the window, or is cut off by the box it stands in, and cannot be scrolled into sight.
CUT = """
() => {
  const scrolls = (box) => ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
  const cut = (box, right) => {
    for (let one = box; one && one !== document.body; one = one.parentElement) {
      if (scrolls(one)) return false;
      if (getComputedStyle(one).overflowX !== "visible" && right > one.getBoundingClientRect().right + 1) return true;
    }
    return right > innerWidth + 1;
  };
  const found = [];
  const main = document.querySelector('[data-testid="stMain"]');
  for (const box of main.querySelectorAll("h1, h2, h3, p, li, td, th, dt, dd, a, button")) {
    if (!box.checkVisibility({ visibilityProperty: true }) || box.closest("[aria-hidden=true]")) continue;
    const words = document.createRange();
    words.selectNodeContents(box);
    const right = Math.max(...[...words.getClientRects()].map((one) => one.right), 0);
    if (cut(box, right)) found.push(box.outerHTML.slice(0, 200));
  }
  return found;
}
"""
FOCUSED = """
() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  return { tag: here.tagName, href: here.getAttribute("href"), text: here.innerText?.slice(0, 60) ?? "",
    type: here.type ?? "", ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
}
"""
STILL = """
() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const longest = (text) => Math.max(...text.split(",").map(parseFloat));
  return longest(style.transitionDuration) > 0.01 || longest(style.animationDuration) > 0.01;
}).map((one) => one.outerHTML.slice(0, 100))
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_app(TRD_ACCESS_DATA="/nonexistent", TRD_ACCESS_PACK="starter") as address:
        yield address


def tab_to(page: Page, wanted) -> dict[str, str]:
    """Presses Tab until what has the focus is wanted, and says what it is."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here["tag"] in ("A", "BUTTON", "SUMMARY"):
            assert here["ring"], f"the keyboard is at {here} and nothing shows it"
        if wanted(here):
            return here
        passed.append((here["tag"], here["text"]))
    raise AssertionError(f"not within {MOST_STOPS} stops: {passed}")


def test_care_is_found_and_a_clinic_called_by_keyboard_alone(address: str) -> None:
    with open_page(address) as (page, witness):
        settle(page)
        tab_to(page, lambda here: here["tag"] == "A" and here["text"].strip() == "Find care")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="Find care")).to_be_visible()
        settle(page)
        tab_to(page, lambda here: here["tag"] == "INPUT" and here["type"] == "text")
        page.keyboard.type("Denver, CO")
        page.keyboard.press("Enter")
        settle(page)
        expect(page.get_by_text("Denver").first).to_be_visible()
        called = tab_to(page, lambda here: (here["href"] or "").startswith("tel:"))
        assert called["href"].removeprefix("tel:").isdigit()
        witness.assert_clean()


def test_a_clinic_is_added_by_keyboard_and_the_map_does_not_hold_the_keyboard(address: str) -> None:
    with open_page(address) as (page, witness):
        go(page, "Scenarios")
        tab_to(page, lambda here: here["tag"] == "INPUT" and here["type"] == "text")
        page.keyboard.type("Miles City, MT")
        page.keyboard.press("Enter")
        settle(page)
        tab_to(page, lambda here: here["tag"] == "IFRAME")
        tab_to(page, lambda here: here["tag"] == "BUTTON" and "JSON" in here["text"])
        witness.assert_clean()


def enlarged(page: Page) -> list[str]:
    """What does not fit at 200 % of a window of 1280 px, and at 400 %."""
    found = []
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 450})
        page.wait_for_timeout(LAID_OUT_MS)
        found += [f"{width} px: {one}" for one in too_wide(page)]
    return found


def test_enlarged_no_page_scrolls_sideways_and_no_word_is_cut(address: str) -> None:
    with open_page(address, device_scale_factor=2.0) as (page, witness):
        found = {}
        for name in PAGES:
            go(page, name)
            found[name] = enlarged(page)
            if name in ASKED:
                ask(page, ASKED[name])
                found[f"{name}, answered"] = enlarged(page)
        assert {name: some for name, some in found.items() if some} == {}
        witness.assert_clean()


def too_wide(page: Page) -> list[str]:
    boxes = 'html, [data-testid="stMain"]'
    wide = page.locator(boxes).evaluate_all("(all) => all.map((one) => one.scrollWidth - one.clientWidth)")
    return [f"{extra} px too wide" for extra in wide if extra > 0] + page.evaluate(CUT)


def test_a_word_that_is_cut_or_runs_out_of_the_window_would_be_seen(address: str) -> None:
    with open_page(address, width=320) as (page, _):
        settle(page)
        page.evaluate("""() => document.querySelector("h1").insertAdjacentHTML("afterend",
            '<p style="width:9em;overflow:hidden;white-space:nowrap">cut off where the box that it is in ends</p>' +
            '<p style="width:900px">runs out of the window</p>')""")
        found = " ".join(too_wide(page))
        assert "px too wide" in found
        assert "cut off" in found


def answer(address: str, broken: str | None) -> str:
    with open_page(address, broken=broken) as (page, _):
        go(page, "Find care")
        page.locator('[data-testid="stTextInput"] input').first.fill("Denver, CO")
        page.keyboard.press("Enter")
        expect(page.locator(".care-cards > li").nth(3)).to_be_visible()
        page.wait_for_timeout(1_000)
        return page.get_by_test_id("stMain").inner_text()


def test_the_list_is_whole_without_any_picture_script_or_outline_of_the_map(address: str) -> None:
    assert answer(address, "**/app/static/**") == answer(address, None)


def test_less_motion_and_forced_colours_are_honoured_on_page_and_map(address: str) -> None:
    with open_page(address, reduced_motion="reduce", forced_colors="active") as (page, witness):
        go(page, "Access gaps")
        map_of(page)
        assert [frame.evaluate(STILL) for frame in page.frames] == [[], []]
        swatches = page.locator(".access-legend span[aria-hidden]")
        shown = swatches.evaluate_all("(all) => all.map((one) => getComputedStyle(one).backgroundColor)")
        wanted = [f"rgb({', '.join(str(int(c[i : i + 2], 16)) for i in (1, 3, 5))})" for c in colours(7).values() if c]
        assert shown[:7] == wanted
        for drawn in ('[data-testid="stAlertContainer"]', '[data-testid="stCheckbox"] label > span + div'):
            assert page.locator(drawn).first.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
        mark = map_frame(page).locator(".access-point, .access-cluster").first
        assert mark.evaluate("(one) => getComputedStyle(one).borderTopColor") in (
            "rgb(255, 255, 255)",
            "rgb(0, 51, 107)",
        )
        witness.assert_clean()
