"""What a visitor waits for: each page until it can be used, and the answers to keys and clicks."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import cycle, islice, pairwise

from playwright.sync_api import Page

from access.places.pack import NATIONAL, load_pack
from benchmarks.measure import Result, Setting
from benchmarks.visitor import App, expect_from, fresh_app, received, seconds_since, seconds_until

AIM_PAGE_SECONDS = 3
AIM_CHANGE_SECONDS = 1
AIM_MAP_SECONDS = 2.5
AIM_PAINT_SECONDS = 0.7
AIM_FIRST_KB = 1500
AIM_AFTER_KB = 100
# The map can be used: every area has its colour and the clinics are there.
PAINTED = "watched.headline() && watched.markers() && watched.fills()"
# What must be true, and painted, before a page counts as interactive. `rested`: its script has run to the end.
READY = {
    "": """watched.rested() && watched.count('[data-testid="stPageLink"]') > 3""",
    "Find_care": "watched.rested() && watched.usable('input[type=text]')",
    "Access_gaps": "watched.rested() && watched.headline() && watched.markers() && watched.fills() "
    """&& watched.usable('[data-testid="stSlider"] :is(input, [role=slider])')""",
    "Scenarios": "watched.rested() && watched.headline() && watched.markers() && watched.fills() "
    "&& watched.usable('input[type=text]')",
    "Data_and_methods": "watched.rested() && watched.count('table') > 2 "
    """&& watched.usable('[data-testid="stSelectbox"] input')""",
}
BEFORE = (
    "const headline = watched.headline(), figures = watched.figures(), "
    "fills = watched.fills(), markers = watched.markers()"
)
NEW_HEADLINE = "watched.headline() && watched.headline() !== headline"
NEW_FIGURES = "watched.figures() && watched.figures() !== figures"
NEW_FILLS = "watched.fills() && watched.fills() !== fills"
NEW_MARKERS = "watched.markers() && watched.markers() !== markers"
PLACES = ("Denver, CO", "10025", "Miami, FL", "97201", "Boston, MA", "60601", "Seattle, WA", "78701", "59718")
# Jordan, Valentine, Tonopah, Burns, Marfa, Bowman, Fort Pierre, Salmon, Ely, Vernal, Goodland, Gillette.
OPENINGS = (
    (47.32, -106.91), (42.87, -100.55), (38.07, -117.23), (43.59, -119.05), (30.31, -104.02), (46.18, -103.39),
    (44.35, -100.37), (45.18, -113.9), (39.25, -114.89), (40.46, -109.53), (39.35, -101.71), (44.29, -105.5),
)  # fmt: skip
# Of the places given, where on the page each is, as far as no marker or button stands there.
FREE = """
(places) => {
  const inside = watched.frame(), seen = [...inside.document.querySelectorAll(".leaflet-marker-icon, .leaflet-bar")];
  const boxes = seen.map((one) => one.getBoundingClientRect());
  const frame = inside.frameElement.getBoundingClientRect();
  const covered = ({ x, y }) => boxes.some((box) =>
    x > box.left - 9 && x < box.right + 9 && y > box.top - 9 && y < box.bottom + 9);
  return places.map((place) => inside.map.latLngToContainerPoint(place)).filter((point) => !covered(point))
    .map((point) => [frame.left + point.x, frame.top + point.y]);
}
"""


def start(setting: Setting) -> list[Result]:
    """The start page: its four links are there."""
    with fresh_app() as app:
        return _visits(app, "Start page", "", setting)


def find_care(setting: Setting) -> list[Result]:
    """The empty page until a place can be typed; then searches."""
    with fresh_app() as app:
        results = _visits(app, "Find care", "Find_care", setting)
        first = []
        further = []
        for place, next_place in islice(pairwise(cycle(PLACES)), 1 + setting.repeats):
            with app.visitor() as visitor:
                page = visitor.new_page()
                seconds_until(page, f"{app.address}/Find_care", READY["Find_care"])
                first.append(_search(page, place))
                further.append(_search(page, next_place))
    return [
        *results,
        _result("  a visitor's first search", first[1:], note="Enter to new headline and markers; the map is new"),
        _result("  a further search", further[1:], note="Enter to new headline and markers"),
        _result("  first search of all", first[:1], note="the server loads the ZIPs and towns"),
    ]


def access_gaps(setting: Setting) -> list[Result]:
    """County map and hexagons until they can be used, the slider moved by a key, and the bytes that all this takes."""
    with fresh_app() as app:
        results = _visits(app, "Access gaps", "Access_gaps", setting)
        entered = [_from_start(app) for _ in range(1 + setting.repeats)]
        hexagons = [_hexagons(app) for _ in range(1 + setting.repeats)]
        with app.visitor() as visitor:
            page = visitor.new_page()
            got = received(page)
            seconds_until(page, f"{app.address}/Access_gaps", READY["Access_gaps"])
            first = got.map_bytes
            first_all = got.all_bytes
            said, painted = zip(*_slider_moves(page, 2 * setting.repeats), strict=True)
            after = (got.all_bytes - first_all) / (2 * setting.repeats)
    map_note = "map, outlines, messages; Streamlit's own scripts not counted"
    return [
        *results,
        _result(
            "  county map, opened from Start", entered[1:], AIM_MAP_SECONDS, "click on the link to every county painted"
        ),
        _result(
            "  hexagons of Michigan",
            hexagons[1:],
            AIM_MAP_SECONDS,
            "scripts in the cache; a link to every hexagon painted",
        ),
        _result("  threshold: sentence", said, AIM_CHANGE_SECONDS, "slider key to changed sentence"),
        _result("  threshold: map", painted, AIM_PAINT_SECONDS, "slider key to counties in their new colours"),
        Result("  sent first", _size(), "kB", (first / 1000,), AIM_FIRST_KB, map_note),
        Result("  sent first, with all scripts", _size(), "kB", (first_all / 1000,), None, "what an empty cache loads"),
        Result("  sent after a threshold", _size(), "kB", (after / 1000,), AIM_AFTER_KB, "all that comes, on average"),
    ]


def _from_start(app: App) -> float:
    """A new visitor who begins at the start page: from the click on the link until every county is painted."""
    with app.visitor() as visitor:
        page = visitor.new_page()
        seconds_until(page, app.address, READY[""])
        expect_from(page, "click", "window", "", PAINTED)
        page.get_by_role("link", name="Access gaps").first.click()
        return _answers(page)[0]


def _hexagons(app: App) -> float:
    """A visitor who has been at the start page: from the address to every hexagon painted."""
    with app.visitor() as visitor:
        page = visitor.new_page()
        seconds_until(page, app.address, READY[""])
        page.wait_for_timeout(1000)
        asked = "area=Michigan&treatment=ECT&more=true&by=hexagons+where+people+live"
        return seconds_until(
            page, f"{app.address}/Access_gaps?{asked}", f"{PAINTED} && watched.fills().split(',').length > 1000"
        )


def scenarios(setting: Setting) -> list[Result]:
    """The sentence, every county painted, clinics drawn, a town can be typed; then clicks on the map."""
    with fresh_app() as app:
        results = _visits(app, "Scenarios", "Scenarios", setting)
        with app.visitor() as visitor:
            page = visitor.new_page()
            seconds_until(page, f"{app.address}/Scenarios", READY["Scenarios"])
            said, drawn = zip(*(_open_clinic(page) for _ in range(setting.repeats)), strict=True)
    return [
        *results,
        _result("  click: sentence", said, note="click on the map to changed sentence and table"),
        _result("  click: marker", drawn, note="click on the map to the new clinic's marker"),
    ]


def methods(setting: Setting) -> list[Result]:
    """The page of sources and formulas: its tables, and the choice of a pack."""
    with fresh_app() as app:
        return _visits(app, "Data and methods", "Data_and_methods", setting)


def _visits(app: App, name: str, path: str, setting: Setting) -> list[Result]:
    """The first visit to a server just started; then new visitors, and the last of them once more."""
    address = f"{app.address}/{path}"
    ready = READY[path]
    fresh = []
    again = []
    for _ in range(1 + setting.repeats):
        with app.visitor() as visitor:
            page = visitor.new_page()
            fresh.append(seconds_until(page, address, ready))
            again.append(seconds_until(page, address, ready))
    return [
        _result(name, fresh[1:], AIM_PAGE_SECONDS, "a new visitor, the server warm"),
        _result("  same visitor again", again[1:], note="the browser kept scripts and outlines"),
        _result("  first of all", fresh[:1], note=f"after {app.started_seconds:.1f} s until the server answered"),
    ]


def _search(page: Page, place: str) -> float:
    box = page.get_by_test_id("stMain").locator("input[type=text]").first
    box.fill(place)
    expect_from(page, "keydown", "window", BEFORE, f"watched.rested() && {NEW_HEADLINE} && {NEW_MARKERS}")
    box.press("Enter")
    return _answers(page)[0]


def _slider_moves(page: Page, moves: int) -> Iterator[list[float]]:
    """From end to end: to and fro over two steps, Streamlit would send again what the browser still has."""
    slider = page.get_by_test_id("stMain").get_by_role("slider").first
    key = "ArrowRight"
    for _ in range(moves):
        at, lowest, highest = slider.evaluate("slider => [slider.value, slider.min, slider.max].map(Number)")
        key = "ArrowLeft" if at >= highest else "ArrowRight" if at <= lowest else key
        slider.focus()
        expect_from(page, "keydown", "window", BEFORE, NEW_HEADLINE, NEW_FILLS)
        slider.press(key)
        yield _answers(page)


def _open_clinic(page: Page) -> list[float]:
    page.locator("iframe").first.scroll_into_view_if_needed()
    x, y = page.evaluate(FREE, list(OPENINGS))[0]
    expect_from(page, "click", "watched.frame()", BEFORE, NEW_FIGURES, NEW_MARKERS)
    page.mouse.click(x, y)
    return _answers(page)


def _answers(page: Page) -> list[float]:
    taken = seconds_since(page)
    # A visitor looks at the answer before asking again; the server tidies up meanwhile.
    page.wait_for_timeout(1000)
    return taken


def _result(name: str, seconds: Sequence[float], aim: float | None = None, note: str = "") -> Result:
    return Result(name, _size(), "s", tuple(seconds), aim, note)


@cache
def _size() -> str:
    national = load_pack(NATIONAL)
    return f"{len(national.people):,} places x {len(national.clinics):,} sites"
