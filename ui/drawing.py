"""What pages draw: the map and its layers, the legend, the chart."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from access.language import say
from access.maps.bounds import Bounds, bounds_of
from access.maps.browser_map import MapLayer, base_map, scene
from access.maps.choropleth import county_layer, county_lines
from access.maps.palette import class_names, legend_html
from access.maps.points import points_layer
from access.places.gazetteer.lookup import Place
from access.questions.what_if import Outcome
from access.scenarios.compare import changed_clinics
from access.words.gaps import area_labels
from ui.caches import outlines

SHARE_EDGES = [1, 10, 25, 50, 75, 90]


def draw_map(
    layers: Sequence[MapLayer],
    *,
    title: str,
    key: str,
    bounds: Bounds | None = None,
    height: int = 480,
    street_tiles: bool = False,
) -> tuple[float, float] | None:
    """The map on the page, and the latitude and longitude of a new click on it; None: nobody clicked since.

    Parameters
    ----------
    title: what the map shows, for people who hear the page.
    bounds: what must be in sight; None: the lower 48 states. The camera moves only when this changes.
    """
    reply = st_folium(
        base_map(),
        feature_group_to_add=scene(
            layers, title=title, bounds=bounds or bounds_of(outlines()[0], None), street_tiles=street_tiles
        ),
        returned_objects=["last_clicked"],
        use_container_width=True,
        height=height,
        key=key,
        wrap_longitude=True,
    )
    click = (reply or {}).get("last_clicked")
    if click is None or st.session_state.get(f"{key} click") == click:
        return None
    st.session_state[f"{key} click"] = click
    return float(click["lat"]), float(click["lng"])


def care_layers(found: pd.DataFrame, place: Place) -> list[MapLayer]:
    """Clinics numbered as their cards are, and the place of search."""
    minutes = [say("about {minutes} min", minutes=f"{one:.0f}") for one in found["minutes"]]
    numbered = found.assign(number=range(1, len(found) + 1), details=minutes)
    here = pd.DataFrame([{"latitude": place.latitude, "longitude": place.longitude, "name": place.label}])
    return [county_lines(outlines()[1]), points_layer(numbered), points_layer(here, kind="origin")]


def share_layer(counties: pd.DataFrame, state: str | None, unit: str, limit: float) -> MapLayer:
    """Counties in the colour of their share of people beyond a limit; `counties` as `cost_by_area` gives them."""
    percent = counties.set_index("county")["share_beyond"] * 100
    labels = area_labels(counties, unit, limit).set_axis(percent.index)
    return county_layer(percent, outlines()[1], edges=SHARE_EDGES, labels=labels, state=state)


def share_legend(unit: str, limit: float) -> None:
    """What the colours of `share_layer` mean."""
    title = say("Share of people farther than {limit} {unit}", limit=limit, unit=say(unit))
    st.html(legend_html(title, class_names(SHARE_EDGES, "%")))


def plan_layers(before: pd.DataFrame, found: Outcome) -> list[MapLayer]:
    """The clinics that stay, those that no longer give the treatment where they were, and those that newly do.

    `before`: the clinics that give it before the edits.
    """
    clinics = changed_clinics(before, found.giving)
    kept, gone, new = (clinics[clinics["change"] == change] for change in ("kept", "closed", "opened"))
    layers = [points_layer(kept), points_layer(gone, kind="closed")]
    return layers if new.empty else [*layers, points_layer(new, kind="added")]


def bounds_around(found: pd.DataFrame, place: Place) -> Bounds:
    """South-west and north-east of the clinics and the place, with a margin of a tenth of a degree."""
    south = min(found["latitude"].min(), place.latitude)
    west = min(found["longitude"].min(), place.longitude)
    north = max(found["latitude"].max(), place.latitude)
    east = max(found["longitude"].max(), place.longitude)
    return (float(south) - 0.1, float(west) - 0.1), (float(north) + 0.1, float(east) + 0.1)


def street_tiles() -> bool:
    """Whether the visitor has turned street tiles on, told beforehand what that reveals."""
    return st.toggle(
        say("Street tiles"),
        help=say(
            "Asks OpenStreetMap's servers for pictures of the area in sight. They then see your internet address "
            "and which area you look at. Off, the map asks no other host for anything."
        ),
    )
