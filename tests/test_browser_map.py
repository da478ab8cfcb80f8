"""The map and the app's frame in Chromium, with every host but the app's own cut off."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from access.maps.palette import class_colors, classify_values
from access.places.outlines import load_outlines
from tests.browser import ROOT, map_frame, open_browser, open_page, running_app, trial_folder
from tests.payloads import PAYLOADS

pytestmark = [pytest.mark.browser]

EDGES = [30, 60, 90, 120]
PAINTED = """
() => Object.fromEntries(Object.values(window.map._layers).filter((layer) => layer.access).map(
  (layer) => [layer.feature.id, typeof layer.options.fillColor === "string" ? layer.options.fillColor : null]))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = trial_folder(tmp_path_factory.mktemp("map"), ROOT / "tests/apps/map_app.py")
    with running_app(folder) as address:
        yield address


@pytest.fixture(scope="module")
def widgets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = trial_folder(tmp_path_factory.mktemp("widgets"), ROOT / "tests/apps/widgets_app.py")
    with running_app(folder) as address:
        yield address


@pytest.fixture(scope="module")
def desk() -> Iterator[BrowserContext]:
    with open_browser(height=1100) as browser:
        yield browser


def drawn_map(page: Page, areas: int = 3220) -> FrameLocator:
    frame = map_frame(page)
    expect(frame.locator(".access-point").first).to_be_visible(timeout=30_000)
    wait_for(lambda: len(painted(frame)) == areas)
    return frame


def painted(frame: FrameLocator) -> dict[str, str | None]:
    return frame.locator("body").evaluate(PAINTED)


def wait_for(true_soon, seconds: float = 30) -> float:
    begun = time.monotonic()
    while not true_soon():
        assert time.monotonic() - begun < seconds, "it did not become true"
        time.sleep(0.02)
    return time.monotonic() - begun


def expected(added: int, prefix: str = "") -> dict[str, str | None]:
    county = load_outlines()[1]["county"]
    values = (county.index.to_series() % 121 + added).where(county != "30063")
    shades = class_colors(len(EDGES) + 1)
    return {
        code: shades[one]
        for code, one in zip(county, classify_values(values, EDGES), strict=True)
        if code.startswith(prefix)
    }


def camera(frame: FrameLocator) -> list[float]:
    return frame.locator("body").evaluate("() => [map.getCenter().lat, map.getCenter().lng, map.getZoom()]")


def press_slider(page: Page, times: int) -> None:
    page.get_by_role("slider").focus()
    for _ in range(times):
        page.keyboard.press("ArrowRight")


def middle(page: Page, frame: FrameLocator, latitude: float, longitude: float) -> tuple[float, float]:
    box = page.locator("iframe").bounding_box()
    assert box
    at = frame.locator("body").evaluate(
        f"() => {{ const p = map.latLngToContainerPoint([{latitude}, {longitude}]); return [p.x, p.y]; }}"
    )
    return box["x"] + at[0], box["y"] + at[1]


def test_every_county_has_its_own_colour_and_no_other_host_is_asked(address: str, desk: BrowserContext) -> None:
    with open_page(address, within=desk) as (page, witness):
        frame = drawn_map(page)
        assert painted(frame) == expected(0)
        expect(page.get_by_text("call or text 988")).to_be_visible()
        page.wait_for_timeout(500)
        witness.assert_clean()


def test_new_classes_are_painted_on_the_same_map_and_the_camera_stays(address: str, desk: BrowserContext) -> None:
    with open_page(address, within=desk) as (page, witness):
        frame = drawn_map(page)
        frame.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(600)
        before = camera(frame)
        frame.locator("body").evaluate("() => { window.kept = 'the same document'; }")
        press_slider(page, 5)
        wanted = expected(5)
        wait_for(lambda: painted(frame) == wanted)
        assert camera(frame) == before
        assert frame.locator("body").evaluate("() => window.kept") == "the same document"
        witness.assert_clean()


def test_a_state_is_drawn_alone_in_its_own_colours_and_comes_into_sight(address: str, desk: BrowserContext) -> None:
    with open_page(address, within=desk) as (page, witness):
        frame = drawn_map(page)
        page.get_by_role("combobox").click()
        page.get_by_role("option", name="VA").click()
        wanted = expected(0, "51")
        wait_for(lambda: painted(frame) == wanted)
        latitude, longitude, zoom = camera(frame)
        assert 37 < latitude < 39
        assert -81 < longitude < -78
        assert zoom > 6
        witness.assert_clean()


def test_hovering_names_the_county_and_its_value(address: str, desk: BrowserContext) -> None:
    with open_page(address, within=desk) as (page, witness):
        frame = drawn_map(page)
        page.mouse.move(*middle(page, frame, 38.55, -98.8))
        page.mouse.move(*middle(page, frame, 38.5, -98.75))
        row = load_outlines()[1].set_index("county").index.get_loc("20009")
        expect(frame.locator(".access-tooltip")).to_have_text(f"Barton, Kansas{row % 121} min")
        witness.assert_clean()


def test_a_click_on_a_filled_county_is_answered_with_that_county(address: str, desk: BrowserContext) -> None:
    with open_page(address, within=desk) as (page, witness):
        frame = drawn_map(page)
        page.mouse.click(*middle(page, frame, 38.5, -98.75))
        expect(page.get_by_text("Clicked county: 20009")).to_be_visible()
        before = camera(frame)
        page.mouse.click(*middle(page, frame, 30.0, -75.0))
        expect(page.get_by_text("outside the United States")).to_be_visible()
        assert camera(frame) == before
        witness.assert_clean()


def test_hostile_names_are_shown_as_text_and_only_web_links_are_links(address: str, desk: BrowserContext) -> None:
    with open_page(address, within=desk) as (page, witness):
        frame = drawn_map(page)
        for sign, name in (("1", "Billings <img src=x"), ("2", "Missoula ${window"), ("3", "Helena {{7*7}}")):
            frame.locator(".access-point").filter(has_text=sign).press("Enter")
            popup = frame.locator(".leaflet-popup-content").filter(has_text=name)
            expect(popup).to_be_visible()
            assert popup.locator("a").count() == (1 if sign == "1" else 0)
        assert page.evaluate("window.ran") is None
        witness.assert_clean()


def test_the_map_is_named_for_people_who_hear_it_and_the_page_has_a_language(
    address: str, desk: BrowserContext
) -> None:
    with open_page(address, within=desk) as (page, witness):
        frame = drawn_map(page)
        expect(page.locator("iframe")).to_have_attribute("title", "Minutes by county")
        expect(frame.get_by_role("region", name="Minutes by county")).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "en"
        witness.assert_clean()


def test_on_a_phone_the_map_leaves_room_and_one_finger_scrolls_the_page(address: str, desk: BrowserContext) -> None:
    with open_page(address, of=desk.browser, width=360, height=640, touch=True) as (page, witness):
        frame = drawn_map(page)
        box, inner = page.locator("iframe").bounding_box(), frame.locator("#map_div").bounding_box()
        assert box
        assert inner
        assert box["height"] <= 0.6 * 640
        assert inner["height"] == box["height"]
        wait_for(lambda: frame.locator("body").evaluate("() => map.getSize().y") == inner["height"])
        assert frame.locator("body").evaluate("() => map.dragging.enabled()") is False
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        witness.assert_clean()


def test_without_the_outlines_the_points_are_drawn_and_the_map_says_what_is_missing(
    address: str, desk: BrowserContext
) -> None:
    with open_page(address, within=desk, broken="**/geo/*.json") as (page, _):
        frame = map_frame(page)
        expect(frame.locator(".access-point")).to_have_count(3)
        expect(frame.get_by_text("The outlines could not be loaded.")).to_be_visible()


def test_the_map_works_under_a_base_path(tmp_path: Path, desk: BrowserContext) -> None:
    folder = trial_folder(tmp_path / "base", ROOT / "tests/apps/map_app.py")
    with running_app(folder, base_path="care/access") as address, open_page(address, within=desk) as (page, witness):
        drawn_map(page)
        witness.assert_clean()


def test_every_reply_carries_the_policy(address: str) -> None:
    for path in ("/", "/app/static/map.js", "/component/streamlit_folium.st_folium/index.html"):
        with urlopen(address + path) as reply:
            policy = reply.headers["Content-Security-Policy"]
            assert reply.headers["Referrer-Policy"] == "no-referrer"
            assert re.search(r"default-src 'self';.*object-src 'none'", policy)
            assert f"connect-src 'self' ws://{address.removeprefix('http://')} " in policy


def test_charts_tables_downloads_and_uploads_work_under_the_policy(widgets: str, desk: BrowserContext) -> None:
    with open_page(widgets, within=desk) as (page, witness):
        expect(page.locator("canvas, svg").first).to_be_visible(timeout=30_000)
        expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
        with page.expect_download() as saved:
            page.get_by_test_id("stDownloadButton").get_by_role("button").click()
        assert Path(saved.value.path()).read_text().startswith(",rurality,minutes")
        witness.assert_clean()


def test_an_expected_failure_is_one_sentence_of_plain_text(widgets: str, desk: BrowserContext) -> None:
    with open_page(widgets, within=desk) as (page, witness):
        page.get_by_role("button", name="Unknown place").click(timeout=30_000)
        alert = page.get_by_test_id("stAlert").filter(has_text="00000")
        expect(alert).to_have_text(
            "'00000' is not a ZIP code we know; try ![a town](https://example.org/x.png) such as $Miles City$, MT."
        )
        assert alert.locator("img, .katex").count() == 0
        witness.assert_clean()


def test_an_unforeseen_failure_is_one_sentence_too_and_the_log_has_no_message(
    widgets: str, desk: BrowserContext
) -> None:
    with open_page(widgets, within=desk) as (page, witness):
        page.get_by_role("button", name="Our fault").click(timeout=30_000)
        expect(page.get_by_text("Something went wrong on this page")).to_be_visible()
        assert page.get_by_text(re.compile("Traceback|KeyError|59718")).count() == 0
        witness.assert_clean()


def test_a_failure_in_a_fragment_is_one_sentence_too(widgets: str, desk: BrowserContext) -> None:
    with open_page(widgets, within=desk) as (page, witness):
        page.get_by_role("button", name="Fault in a part").click(timeout=30_000)
        expect(page.get_by_text("'ZZ' is not a state; use a code such as MT.")).to_be_visible()
        assert page.get_by_text("Traceback").count() == 0
        witness.assert_clean()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = trial_folder(tmp_path_factory.mktemp("escape"), ROOT / "tests/apps/escape_app.py")
    with running_app(folder) as address:
        yield address


def ran(desk: BrowserContext, address: str) -> str | None:
    with open_page(address, within=desk) as (page, _):
        frame = map_frame(page)
        markers = frame.locator(".leaflet-marker-icon")
        expect(frame.locator(".leaflet-map-pane")).to_be_attached(timeout=30_000)
        page.wait_for_timeout(500)
        for marker in markers.all():
            marker.hover(force=True)
            marker.click(force=True)
        page.wait_for_timeout(300)
        return page.evaluate("window.ran || null")


def test_escaped_payloads_do_not_run_in_popups_tooltips_and_icons(hostile: str, desk: BrowserContext) -> None:
    assert ran(desk, hostile) is None


@pytest.mark.parametrize("payload", [0, 1, 2])
def test_a_payload_that_is_not_escaped_runs_so_that_the_test_above_can_fail(
    hostile: str, desk: BrowserContext, payload: int
) -> None:
    assert ran(desk, f"{hostile}/?raw={payload}") is not None


def test_every_escaped_payload_is_on_the_map_as_it_was_written(hostile: str, desk: BrowserContext) -> None:
    with open_page(hostile, within=desk) as (page, witness):
        icons = map_frame(page).locator(".leaflet-marker-icon")
        expect(icons).to_have_text(PAYLOADS)
        assert witness.foreign == []
