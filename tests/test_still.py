"""Still maps compared by their data: the class of each county in the picture, and where it stands on the paper."""

import re
from xml.etree import ElementTree

import geopandas as gpd
import matplotlib.image
import numpy as np
import pandas as pd
import pytest

from access.documents.poster import poster_png, poster_svg
from access.errors import PlaceError
from access.maps.curves import curves_svg
from access.maps.palette import class_colors, class_names
from access.maps.still import still_map
from access.places.outlines import load_outlines

EDGES = [30, 60]
Outlines = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]


@pytest.fixture(scope="module")
def outlines() -> Outlines:
    return load_outlines()


@pytest.fixture(scope="module")
def values(outlines: Outlines) -> pd.Series:
    county = outlines[1]["county"]
    return pd.Series(np.arange(len(county)) % 91, index=county, dtype=float).drop(["30063", "02013"])


def drawn(svg: str) -> dict[str, tuple[str, str, np.ndarray]]:
    """The class, the colour and the corners of each area of a still map."""
    found = {}
    for group in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
        for path in group.iter("{http://www.w3.org/2000/svg}path"):
            if "data-class" in group.attrib and "id" in path.attrib:
                corners = re.findall(r"(-?[\d.]+),(-?[\d.]+)", path.attrib["d"])
                found[path.attrib["id"][1:]] = (
                    group.attrib["data-class"],
                    group.attrib["fill"],
                    np.array(corners, float),
                )
    return found


def class_by_hand(value: float) -> str:
    return "x" if value != value else "0" if value <= 30 else "1" if value <= 60 else "2"


def test_every_county_of_the_nation_is_in_the_class_of_its_value(outlines: Outlines, values: pd.Series) -> None:
    states, counties = outlines
    found = drawn(still_map(values, counties, states, edges=EDGES))
    wanted = {code: class_by_hand(values.get(code, np.nan)) for code in counties["county"]}
    # Kalawao in Hawaii and four independent cities are smaller than a tenth of a unit of the picture, or near it.
    missing = set(wanted) - set(found)
    assert len(missing) <= 5
    assert {code: one for code, (one, _, _) in found.items()} == {
        code: one for code, one in wanted.items() if code not in missing
    }
    shades = class_colors(3)
    assert all(fill == (shades[one] or "url(#nodata)") for one, fill, _ in found.values())


def test_alaska_hawaii_and_puerto_rico_stand_in_their_insets_and_the_aleutians_beside_alaska(
    outlines: Outlines, values: pd.Series
) -> None:
    found = drawn(still_map(values, outlines[1], outlines[0], edges=EDGES))
    boxes = {"02": (10, 465, 260, 630), "15": (275, 545, 405, 630), "72": (860, 570, 980, 630)}
    for code, (_, _, corners) in found.items():
        left, top, right, bottom = boxes.get(code[:2], (10, 10, 990, 550))
        assert corners[:, 0].min() >= left - 0.1, code
        assert corners[:, 0].max() <= right + 0.1, code
        assert corners[:, 1].min() >= top - 0.1, code
        assert corners[:, 1].max() <= bottom + 0.1, code
    # Aleutians West (02016) runs from 172 degrees east to 169 west: it stays one chain, west of the mainland.
    chain = found["02016"][2]
    assert np.ptp(chain[:, 0]) < 100
    assert chain[:, 0].mean() < found["02020"][2][:, 0].mean()


@pytest.mark.parametrize("state", ["AK", "HI", "PR", "MT", "MI"])
def test_a_state_is_drawn_whole_in_its_classes_among_its_neighbours(
    outlines: Outlines, values: pd.Series, state: str
) -> None:
    states, counties = outlines
    own = counties[counties["state"] == state]
    svg = still_map(values, own, states, edges=EDGES, state=state)
    found = drawn(svg)
    assert {code: one for code, (one, _, _) in found.items()} == {
        code: class_by_hand(values.get(code, np.nan)) for code in own["county"]
    }
    wide, high = map(float, svg.split('viewBox="0 0 ')[1].split('"')[0].split())
    corners = np.vstack([corners for _, _, corners in found.values()])
    assert corners.min() >= 0
    assert corners[:, 0].max() <= wide
    assert corners[:, 1].max() <= high
    assert max(np.ptp(corners[:, 0]) / wide, np.ptp(corners[:, 1]) / high) > 0.9, "it fills its picture"


def test_a_map_is_the_same_text_each_time_and_tells_names_and_clinics_as_text(
    outlines: Outlines, values: pd.Series
) -> None:
    states, counties = outlines
    own = counties[counties["state"] == "MT"]
    clinics = pd.DataFrame({"latitude": [46.6, 46.6, 45.8], "longitude": [-112.0, -112.0, -108.5]})
    how = {"edges": EDGES, "state": "MT", "clinics": clinics, "titles": {"30001": "<b>Beaverhead & co</b>"}}
    svg = still_map(values, own, states, **how)
    assert svg == still_map(values, own, states, **how)
    assert svg.count("<circle") == 2, "two clinics on one spot are one circle"
    assert "<title>&lt;b&gt;Beaverhead &amp; co&lt;/b&gt;</title>" in svg


def test_a_map_of_no_state_is_refused(outlines: Outlines, values: pd.Series) -> None:
    with pytest.raises(PlaceError, match="'XX'"):
        still_map(values, outlines[1], outlines[0], edges=EDGES, state="XX")


def test_a_poster_has_its_words_and_the_colours_of_its_map(outlines: Outlines, values: pd.Series, tmp_path) -> None:
    states, counties = outlines
    own = counties[counties["state"] == "MT"]
    made = still_map(values, own, states, edges=EDGES, state="MT")
    words = {
        "title": "Minutes to $care$ & #back",
        "legend_title": "Minutes",
        "no_data": "None",
        "notes": ["Estimate."],
    }
    poster = poster_svg(made, names=class_names(EDGES, "min"), **words)
    texts = [one.text for one in ElementTree.fromstring(poster).iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [words["title"], "Minutes", *class_names(EDGES, "min"), "None", "Estimate."]
    png = poster_png(poster, pixels=1200)
    assert png == poster_png(poster, pixels=1200)
    (tmp_path / "poster.png").write_bytes(png)
    seen = np.round(matplotlib.image.imread(tmp_path / "poster.png")[..., :3] * 255).astype(int)
    assert seen.shape[1] == 1200
    for one in ("0", "1", "2"):
        colour = class_colors(3)[one]
        assert colour
        assert (seen.reshape(-1, 3) == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=1).sum() > 5_000


def test_a_chart_draws_each_group_at_its_share_and_names_it() -> None:
    table = pd.DataFrame(
        {"where": ["a"] * 3 + ["b"] * 3, "within": [0, 50, 100] * 2, "share_within": [0, 0.5, 1, *[np.nan] * 3]}
    )
    svg = curves_svg(table, {"a": "All & sundry", "b": "Empty"}, limit=50, across="minutes", up="share")
    assert "All &amp; sundry" in svg
    assert "Empty" not in svg, "a group without people has no line"
    line = re.search(r'<path d="M([\d., ]+)" stroke="#1a1a1a" stroke-width', svg)
    assert line
    points = np.array([pair.split(",") for pair in line.group(1).split()], float)
    assert np.diff(points[:, 0])[0] == pytest.approx(np.diff(points[:, 0])[1], abs=0.11)
    assert points[1, 1] == pytest.approx((points[0, 1] + points[2, 1]) / 2, abs=0.11)
