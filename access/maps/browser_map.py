"""The map itself: folium and Leaflet, served by the app and asking no other host for anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template

from access.maps.bounds import NATION_BOUNDS, Bounds
from access.maps.escape import script_json

# st_folium draws in a frame at /component/streamlit_folium.st_folium/, so this holds under any base path.
_STATIC: Final = "../../app/static/"
# Our own first: st_folium loads one after the other, and meanwhile it fetches the outlines.
_SCRIPTS: Final = [
    ("access", _STATIC + "map.js"),
    ("leaflet", _STATIC + "vendor/leaflet/leaflet.js"),
    ("topojson", _STATIC + "vendor/topojson-client/topojson-client.min.js"),
    ("markercluster", _STATIC + "vendor/leaflet.markercluster/leaflet.markercluster.js"),
]
_STYLES: Final = [
    ("leaflet_css", _STATIC + "vendor/leaflet/leaflet.css"),
    ("markercluster_css", _STATIC + "vendor/leaflet.markercluster/MarkerCluster.css"),
    ("access_css", _STATIC + "map.css"),
]
STREET_TILES: Final = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": "© OpenStreetMap contributors",
}


class OfflineMap(folium.Map):
    """A folium map whose scripts and styles are files of this app."""

    default_js = _SCRIPTS
    default_css = _STYLES


@dataclass(frozen=True)
class MapLayer:
    """One part of a scene: what `county_layer`, `points_layer` and `reach_layer` give, for `scene`."""

    part: str
    content: Any = field(repr=False)


class _SceneScript(MacroElement):
    _template = Template("{% macro script(this, kwargs) %}accessMap.show(map_div, {{ this.scene }});{% endmacro %}")

    def __init__(self, scene: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Show"
        self.scene = scene


def base_map() -> folium.Map:
    """The empty map, the same to the byte at every rerun, so that the browser keeps it and its camera."""
    centre = [(NATION_BOUNDS[0][axis] + NATION_BOUNDS[1][axis]) / 2 for axis in (0, 1)]
    # folium keeps min_zoom and max_zoom for tiles; Leaflet's own names reach the map.
    limits: dict[str, Any] = {"minZoom": 2, "maxZoom": 16, "zoomSnap": 0.25}
    made = OfflineMap(location=centre, zoom_start=4, tiles=None, prefer_canvas=True, **limits)
    made._id = "div"
    return made


def scene(
    layers: Sequence[MapLayer] = (), *, title: str, bounds: Bounds = NATION_BOUNDS, street_tiles: bool = False
) -> folium.FeatureGroup:
    """All that the map shows, for st_folium's `feature_group_to_add`; what is left out, is taken off the map.

    Parameters
    ----------
    title: what the map shows, for people who hear the page.
    bounds: what must be in sight, south-west and north-east; the camera moves only when this changes.
    street_tiles: True asks OpenStreetMap for pictures of streets, and so tells it which area is looked at.

    Raises
    ------
    ValueError
        Two layers of counties, or two of reach: the map holds one of each.
    """
    parts: dict[str, Any] = {"areas": None, "against": None, "sides": None, "points": [], "reach": None}
    for layer in layers:
        if layer.part == "points":
            parts["points"].append(layer.content)
        elif parts[layer.part] is not None:
            raise ValueError(f"A map holds one layer of {layer.part}, and this is the second.")
        else:
            parts[layer.part] = layer.content
    content = {"title": title, "bounds": bounds, "tiles": STREET_TILES if street_tiles else None, **parts}
    group = folium.FeatureGroup(name="scene")
    group.add_child(_SceneScript(script_json(content)))
    return group


def split_by_slider(first: Sequence[MapLayer], second: Sequence[MapLayer], names: tuple[str, str]) -> list[MapLayer]:
    """Two choices on one map, parted by a slider: to its left the first, to its right the second.

    `first`, `second`: each one layer of areas and any of points; `names`: what each shows, in a few words.
    """
    parted = [MapLayer("sides", list(names))]
    for layers, name, part, pane in ((first, names[0], "areas", "left"), (second, names[1], "against", "right")):
        for layer in layers:
            if layer.part == "areas":
                parted.append(MapLayer(part, {**layer.content, "side": name}))
            else:
                parted.append(MapLayer(layer.part, {**layer.content, "pane": pane}))
    return parted


def reach_layer(latitude: float, longitude: float, km: float) -> MapLayer:
    """A dashed circle, `km` around a point, along the ground."""
    return MapLayer("reach", {"latitude": latitude, "longitude": longitude, "km": km})
