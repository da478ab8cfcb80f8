"""The area within minutes of clinics, in words: how its minutes were found, what they miss, what a hexagon is."""

from typing import Final

from access.language import mark, say
from access.measures.reached_area import ReachedArea
from access.places.hexagons import average_km2
from access.places.pack import Pack
from access.travel.mode import Mode
from access.words.travel import mode_words, no_car_note

OSM_CREDIT: Final = mark("Map data: © OpenStreetMap contributors, ODbL.")


_ESTIMATED: Final = mark(
    "Minutes are one way by car, an estimate from straight-line distance: mountains make it longer."
)


_BY_ROAD: Final = mark("Minutes are one way by road, without traffic ({method}).")


_BY_PATH: Final = mark("Minutes are one way along roads and paths ({method}).")


_PARTLY: Final = mark(
    "They are by road for {share} of the hexagons; for the others, where the road network does not reach, they are an "
    "estimate from straight-line distance (striped)."
)


_CELLS: Final = mark(
    "Each hexagon (about {km2} km²) shows the trip from its centre to the nearest of the clinics (white rings)."
)


_BLANK: Final = mark("No colour: farther, across water, the sea, a Great Lake or another country.")


_BLANK_BY_ROAD: Final = mark(
    "A trip starts with the way from the centre, a lake too, to the nearest road, at most 3 miles away. No colour: "
    "farther, no route, no such road, the sea, a Great Lake or another country."
)


def reached_area_notes(area: ReachedArea, pack: Pack) -> list[str]:
    """How the minutes were found and what they miss, what a hexagon is, and which data it stands on; in sentences."""
    by_road = ~area.cells["is_estimate"]
    has_roads = bool(by_road.any())
    mode = area.mode
    said = [_mode_sentence(mode) if has_roads else say(_ESTIMATED)]
    if has_roads and not by_road.all():
        said.append(say(_PARTLY, share=f"{by_road.mean():.0%}"))
    said += [no_car_note(mode)] if has_roads and not mode.is_driven else []
    said += [
        say(_CELLS, km2=_km2_words(average_km2(area.resolution))),
        say(_BLANK_BY_ROAD if has_roads else _BLANK),
    ]
    named = say("{title}; built {date}.", title=say(pack.manifest.title), date=pack.manifest.built_on)
    closed = say("A clinic that is not in our data may exist, and one that is may have closed or be full.")
    return [*said, " ".join([named, closed, *([say(OSM_CREDIT)] if has_roads else [])])]


def _km2_words(km2: float) -> str:
    return f"{float(f'{km2:.2g}'):,g}"


def reached_by_words(area: ReachedArea) -> str:
    """The engine and its profile; "estimate" where no road is in it."""
    return say("estimate") if area.cells["is_estimate"].all() else mode_words(area.mode)


def _mode_sentence(mode: Mode) -> str:
    return say(_BY_ROAD if mode.is_driven else _BY_PATH, method=mode_words(mode))
