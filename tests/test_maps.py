"""Maps: classes, colours, layers, still pictures; and text from the data that stays text."""

import json
import re

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from access.errors import PlaceError
from access.maps.bounds import bounds_of
from access.maps.browser_map import MapLayer, base_map, reach_layer, scene
from access.maps.choropleth import county_layer
from access.maps.escape import escape, safe_link, script_json
from access.maps.palette import class_colors, class_names, classify_values, legend_html
from access.maps.points import points_layer
from access.places.outlines import load_outlines

EDGES = [30, 60]
HOSTILE = ["<img src=x onerror=alert(1)>", "${alert(1)}", "`+alert(1)+`", "\\`", "{{7*7}}", "'\"", "</script>", "&lt;"]


@pytest.fixture(scope="module")
def outlines() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return load_outlines()


def by_county(**values: float) -> pd.Series:
    return pd.Series({code.removeprefix("c"): value for code, value in values.items()}, dtype=float)


def content_of(layer: MapLayer, counties: gpd.GeoDataFrame, code: str) -> tuple[str, str]:
    codes = [one for one in counties["county"] if one.startswith(layer.content["prefix"])]
    place = codes.index(code)
    return layer.content["classes"][place], label_of(layer, place)


def label_of(layer: MapLayer, place: int) -> str:
    """As static/map.js says it."""
    if place in layer.content["texts"]:
        return layer.content["texts"][place]
    facts = [column.split("|")[place] for column in layer.content["columns"]]
    return layer.content["template"].format(*facts) if facts[0] else layer.content["missing"]


def script_of(group: folium.FeatureGroup) -> str:
    (show,) = group._children.values()
    return str(show._template.module.script(show))


def test_a_limit_belongs_to_the_class_below_it_and_missing_is_its_own_class() -> None:
    values = pd.Series([0, 30, 30.001, 60, 61, np.inf, np.nan, -1])
    assert classify_values(values, EDGES) == "001122x0"


def test_a_nullable_missing_value_is_no_data() -> None:
    assert classify_values(pd.Series([10, None], dtype="Float64"), EDGES) == "0x"


@pytest.mark.parametrize("edges", [[], [60, 30], [30, 30], [1, 2, 3, 4, 5, 6, 7, 8, 9]])
def test_class_edges_that_do_not_rise_are_refused(edges: list[float]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        classify_values(pd.Series([1.0]), edges)


@pytest.mark.parametrize("dark_is_high", [True, False])
@pytest.mark.parametrize("count", range(2, 10))
def test_the_classes_run_from_light_to_dark_without_turning(count: int, dark_is_high: bool) -> None:
    shades = class_colors(count, dark_is_high=dark_is_high)
    assert shades.pop("x") is None
    light = [
        sum(w * int(c[i : i + 2], 16) for w, i in ((0.2126, 1), (0.7152, 3), (0.0722, 5))) for c in shades.values()
    ]
    steps = np.diff(light) if not dark_is_high else -np.diff(light)
    assert (steps > 8).all()


def test_class_names_say_which_limits_are_included() -> None:
    assert class_names([30, 60, 1200], "min") == [
        "at most 30 min",
        "30 to 60 min",
        "60 to 1,200 min",
        "more than 1,200 min",
    ]


def test_the_legend_names_every_class_and_no_data_and_escapes_all_of_it() -> None:
    shown = legend_html("<b>Minutes</b>", ["<i>near</i>", "far"], no_data="<u>none</u>")
    assert [word in shown for word in ("&lt;b&gt;", "&lt;i&gt;", "far", "&lt;u&gt;")] == [True] * 4
    assert not re.search(r"<[biu]>", shown)
    assert shown.count("<li>") == 3


def test_each_county_gets_its_own_class_and_label_whatever_the_order(outlines) -> None:
    values = by_county(c56045=70, c01001=10, c30063=45)
    layer = county_layer(values, outlines[1], edges=EDGES, labels=values.map("{:.0f} min".format))
    assert content_of(layer, outlines[1], "01001") == ("0", "10 min")
    assert content_of(layer, outlines[1], "30063") == ("1", "45 min")
    assert content_of(layer, outlines[1], "56045") == ("2", "70 min")
    assert content_of(layer, outlines[1], "48301") == ("x", "Not in our data")
    assert len(layer.content["classes"]) == len(outlines[1])


def test_a_state_layer_holds_that_state_only(outlines) -> None:
    values = by_county(c30063=45, c01001=10)
    layer = county_layer(values, outlines[1], edges=EDGES, labels=values.astype(str), state="MT")
    assert len(layer.content["classes"]) == 56
    assert layer.content["classes"].count("x") == 55
    assert content_of(layer, outlines[1], "30063")[0] == "1"


def test_two_counties_in_one_outline_show_their_mean_and_both_labels(outlines) -> None:
    values = by_county(c02063=20, c02066=60)
    labels = pd.Series({"02063": "Chugach 20 min", "02066": "Copper River 60 min"})
    layer = county_layer(values, outlines[1], edges=EDGES, labels=labels)
    assert content_of(layer, outlines[1], "02261") == ("1", "Chugach 20 min; Copper River 60 min")


def test_a_county_that_is_unknown_twice_there_or_unlabelled_is_refused(outlines) -> None:
    known = by_county(c30063=1)
    with pytest.raises(ValueError, match="99999 has no outline"):
        county_layer(by_county(c99999=1), outlines[1], edges=EDGES, labels=by_county(c99999=1).astype(str))
    with pytest.raises(ValueError, match="30063 is there more than once"):
        county_layer(pd.concat([known, known]), outlines[1], edges=EDGES, labels=pd.concat([known, known]).astype(str))
    with pytest.raises(ValueError, match="indexed as the values"):
        county_layer(known, outlines[1], edges=EDGES, labels=pd.Series({"30061": "x"}))


def test_points_carry_what_is_known_of_them() -> None:
    points = pd.DataFrame(
        {
            "latitude": [46.5, 45.0],
            "longitude": [-112.0, -110.0],
            "name": ["A", "B"],
            "number": [1, None],
            "details": ["x\ny", None],
            "website": ["https://a.org", "javascript:alert(1)"],
            "location_precision": ["rooftop", "zip"],
        }
    ).astype({"number": "Int64"})
    layer = points_layer(points)
    assert layer.content["points"] == [
        [46.5, -112.0, "A", 0, "1", "x\ny", "https://a.org"],
        [45.0, -110.0, "B", 1, None, "", None],
    ]


def test_only_clinics_are_gathered_into_clusters() -> None:
    few = pd.DataFrame({"latitude": [1.0], "longitude": [2.0], "name": ["A"]})
    many = pd.concat([few] * 100)
    assert [points_layer(few).content["radius"], points_layer(many).content["radius"]] == [14, 40]
    assert points_layer(many, kind="added").content["radius"] == 0


def test_a_point_without_coordinates_is_refused() -> None:
    with pytest.raises(ValueError, match="without coordinates"):
        points_layer(pd.DataFrame({"latitude": [None], "longitude": [2.0], "name": ["A"]}))


def test_the_base_map_and_its_links_are_the_same_each_time_and_name_no_host() -> None:
    first, second = base_map(), base_map()
    for one in (first, second):
        one.get_root().render()
    assert first.get_root().render() == second.get_root().render()
    assert not re.search(r"https?://", first.get_root().render())


def test_no_street_tiles_unless_asked_for() -> None:
    assert "openstreetmap" not in script_of(scene(title="Map"))
    assert "tile.openstreetmap.org" in script_of(scene(title="Map", street_tiles=True))


def test_a_scene_holds_one_layer_of_counties_and_one_of_reach() -> None:
    circle = reach_layer(46.0, -112.0, 80)
    assert '"km":80' in script_of(scene([circle], title="Map"))
    with pytest.raises(ValueError, match="one layer of reach"):
        scene([circle, circle], title="Map")


def test_the_bounds_of_a_state_hold_it_and_alaska_stays_in_america(outlines) -> None:
    (south, west), (north, east) = bounds_of(outlines[0], "AK")
    assert 51 < south < 52
    assert 71 < north < 72
    assert -188 < west < -187
    assert -131 < east < -129
    (south, west), (north, east) = bounds_of(outlines[0], "RI")
    assert outlines[0].set_index("state").geometry["RI"].within(box(west, south, east, north).buffer(1e-9))
    with pytest.raises(PlaceError, match="'XX'"):
        bounds_of(outlines[0], "XX")


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_leaves_nothing_to_html_javascript_or_jinja(text: str) -> None:
    assert not set(escape(text)) & set("<>\"'`\\${}")
    assert folium.Element(escape(text)).render() == escape(text)


def test_unescaped_text_would_run_on_the_server() -> None:
    assert folium.Element("{{7*7}}").render() == "49"


def test_escaping_keeps_plain_words_and_accents() -> None:
    assert escape("Clínica José, 2nd floor") == "Clínica José, 2nd floor"


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_script_json_is_the_same_value_and_its_text_is_harmless(value: object) -> None:
    written = script_json(value)
    assert json.loads(written) == value
    assert not set(re.sub(r"[{}]", "", written)) & set("<>'`$&")
    assert not any(set(one) & set("{}") for one in re.findall(r'"(?:[^"\\]|\\.)*"', written))


def test_script_json_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        script_json(float("nan"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_reaches_the_map_as_text_only(text: str) -> None:
    points = points_layer(pd.DataFrame({"latitude": [46.0], "longitude": [-112.0], "name": [text]}))
    script = script_of(scene([points], title=text))
    sent = json.loads(script.removeprefix("accessMap.show(map_div, ").removesuffix(");"))
    assert (sent["title"], sent["points"][0]["points"][0][2]) == (text, text)
    assert not set(script) & set("<>`$'&")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        (" http://example.org ", "http://example.org"),
        ("HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("example.org", None),
        ("https://", None),
        ("https://[", None),
        ("https://a.org/'onclick=x", None),
        ("https://a.org/${x}", None),
        ("https://a.org/ b", None),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_only_whole_web_addresses_become_links(url: object, link: str | None) -> None:
    assert safe_link(url) == link
