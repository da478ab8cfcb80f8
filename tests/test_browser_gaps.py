"""Access gaps in Chromium: hexagons and two choices in their true colours, the camera stays, the table sorts."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from access.maps.palette import class_colors, classify_values
from access.places.outlines import load_outlines
from access.places.pack import load_pack
from access.questions.area_layer import AreaUnit, area_layer
from access.questions.gaps import people_of, treatment_trips
from access.questions.view import VIEW_MEASURES, View, place_values
from tests.browser import map_frame, open_browser, open_page, settle
from tests.test_browser_map import camera, wait_for

pytestmark = [pytest.mark.browser]
# Of both sides of the map: code and colour of each area.
PAINTED = """
() => { const sides = { fills: {}, against: {} };
  for (const layer of Object.values(window.map._layers)) if (layer.access)
    sides[layer.options.pane][layer.feature.id] =
      typeof layer.options.fillColor === "string" ? layer.options.fillColor : null;
  return sides; }
"""
CLIPPED = "() => ['fills', 'against', 'left', 'right'].map((id) => getComputedStyle(map.getPane(id)).clip)"


@pytest.fixture(scope="module")
def desk() -> Iterator[BrowserContext]:
    with open_browser(height=1100) as browser:
        yield browser


def address_of(app: str, **asked: str) -> str:
    return f"{app}/Access_gaps?{urlencode(asked)}"


def painted(frame: FrameLocator) -> dict[str, dict[str, str | None]]:
    return frame.locator("body").evaluate(PAINTED)


def expected(treatment: str, state: str, limit: float, by: AreaUnit) -> dict[str, str | None]:
    """The colour of each area by its class, worked out beside the page."""
    pack, view = load_pack("starter"), View((treatment,), limit=limit)
    trips = treatment_trips(pack.people, pack.clinics, pack.services, [treatment], landmarks=pack.people)
    values = place_values(trips, pack.people, pack.services, view)
    layer = area_layer(values, people_of(pack.people, state), view, by, load_outlines()[1], state=state)
    shades = class_colors(len(VIEW_MEASURES["share"].edges) + 1)
    found = classify_values(layer.codes["value"], VIEW_MEASURES["share"].edges)
    return {code: shades[one] for code, one in zip(layer.codes.index, found, strict=True)}


def opened(page: Page) -> FrameLocator:
    """The page's map, when all is drawn: on a busy machine the map may come late, and a press before it is lost."""
    expect(page.get_by_role("heading", name="an estimate")).to_be_visible()
    expect(map_frame(page).locator(".leaflet-container")).to_be_visible()
    settle(page)
    return map_frame(page)


def test_hexagons_of_two_treatments_are_painted_each_on_its_side(starter_app: str, desk: BrowserContext) -> None:
    asked = {"area": "Ohio", "treatment": "ECT", "more": "true", "by": "hexagons where people live", "against": "TMS"}
    with open_page(address_of(starter_app, **asked), within=desk) as (page, witness):
        frame = opened(page)
        wanted = {"fills": expected("ect", "OH", 60, "hexagon"), "against": expected("tms", "OH", 60, "hexagon")}
        assert len(wanted["fills"]) > 300
        wait_for(lambda: painted(frame) == wanted)
        slider = frame.get_by_role("slider", name="ECT | TMS")
        left = float(re.findall(r"-?[\d.]+", frame.locator("body").evaluate(CLIPPED)[0])[1])
        slider.focus()
        for _ in range(10):
            slider.press("ArrowRight")
        moved = [
            [float(one) for one in re.findall(r"-?[\d.]+", text)] for text in frame.locator("body").evaluate(CLIPPED)
        ]
        fills, against, clinics, others = moved
        assert fills[1] > left, "more of the first choice is in sight"
        assert fills[1] == against[3] == clinics[1] == others[3], "one line parts both"
        assert witness.foreign == []


def test_a_new_limit_paints_the_same_map_and_the_camera_stays(starter_app: str, desk: BrowserContext) -> None:
    with open_page(address_of(starter_app, area="Ohio", treatment="TMS"), within=desk) as (page, witness):
        frame = opened(page)
        wait_for(lambda: painted(frame)["fills"] == expected("tms", "OH", 60, "county"))
        frame.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(600)
        before = camera(frame)
        settle(page)
        page.get_by_role("slider").first.focus()
        page.get_by_role("slider").first.press("ArrowRight")
        expect(page.get_by_role("heading", name="more than 90 minutes")).to_be_visible()
        wait_for(lambda: painted(frame)["fills"] == expected("tms", "OH", 90, "county"))
        assert camera(frame) == before
        assert "minutes=90" in page.url
        assert witness.foreign == []


def test_the_table_of_the_map_sorts_by_a_press_and_by_keyboard(starter_app: str, desk: BrowserContext) -> None:
    with open_page(address_of(starter_app, area="Vermont", treatment="TMS"), within=desk) as (page, _):
        opened(page)
        page.get_by_role("radio", name="The map as a table").click()
        head = page.locator(".access-sortable").get_by_role("columnheader", name="people", exact=True)
        expect(head).to_be_visible()
        column = page.locator(".access-sortable tbody td:nth-child(3)")
        told = [int(text.replace(",", "")) for text in column.all_text_contents()]
        head.get_by_role("button").press("Enter")
        expect(head).to_have_attribute("aria-sort", "ascending")
        rising = [int(text.replace(",", "")) for text in column.all_text_contents()]
        assert rising == sorted(told)
        assert rising != told
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        assert [int(text.replace(",", "")) for text in column.all_text_contents()] == sorted(told, reverse=True)


def test_files_come_as_they_are_named(starter_app: str, desk: BrowserContext) -> None:
    with open_page(address_of(starter_app, area="Vermont", treatment="TMS"), within=desk) as (page, _):
        opened(page)
        page.get_by_role("radio", name="Brief, poster, data").click()
        for button, name, magic in (
            ("English (PDF)", "VT_tms_share_en.pdf", b"%PDF"),
            ("Español (HTML)", "VT_tms_share_es.html", b"<!doctype html>"),
            ("Poster (PNG)", "VT_tms_share.png", b"\x89PNG"),
            ("GeoPackage", "VT_tms_share.gpkg", b"SQLite"),
        ):
            with page.expect_download() as waiting:
                page.get_by_role("button", name=button).click()
            assert waiting.value.suggested_filename == name
            assert waiting.value.path().read_bytes().startswith(magic)
        expect(page.get_by_text("trd-access brief --state VT")).to_be_visible()
        page.get_by_role("radio", name="Where most people are far").click()
        link = page.get_by_role("link", name="Try it as a scenario").first
        expect(link).to_be_visible()
        page.goto(f"{starter_app}/{link.get_attribute('href')}")
        expect(page.get_by_role("heading", name="people come within 60 minutes")).to_be_visible()


def test_a_link_restores_the_view_in_the_other_language_too(starter_app: str, desk: BrowserContext) -> None:
    asked = {"area": "Vermont", "treatment": "TMS", "show": "Typical way to a clinic", "more": "true", "unit": "miles"}
    asked |= {
        "by": "hexagons where people live",
        "against": "ECT",
        "asking": "expected patients, low (0.21 % of adults)",
    }
    with open_page(address_of(starter_app, **asked), within=desk) as (page, _):
        opened(page)
        said = page.get_by_role("heading", level=3).first.text_content()
        page.get_by_role("radio", name="Brief, poster, data").click()
        link = page.locator(".access-link").get_attribute("href")
    assert link
    for address in (link, link.replace("lang=en", "lang=es")):
        with open_page(f"{starter_app}/{address}", within=desk) as (page, _):
            heading = page.get_by_role("heading", level=3).first
            expect(heading).to_contain_text("Vermont")
            settle(page)
            expect(map_frame(page).get_by_role("slider")).to_be_visible()
            told = heading.text_content()
            assert (told == said) == (address == link)
            assert re.findall(r"[\d.]+ %", told or "") == re.findall(r"[\d.]+ %", said or "")
