"""A county is found by the name its state calls it, and stands where its people live."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from access.errors import AmbiguousPlaceError, PlaceError
from access.places.gazetteer.counties import county_points, parse_county, points_of_counties
from access.places.gazetteer.lookup import Place, find_place, load_gazetteer


def found(text: str) -> Place:
    return find_place(text, *load_gazetteer())


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Gallatin County, MT", "Gallatin County, MT"),
        ("  gallatin   county montana ", "Gallatin County, MT"),
        ("Orleans Parish", "Orleans Parish, LA"),
        ("Anchorage Municipality, AK", "Anchorage, AK"),
        ("Prince George's County, MD", "Prince George's County, MD"),
        ("St Louis County, Missouri", "St. Louis County, MO"),
    ],
)
def test_a_county_is_found_however_it_is_typed(typed: str, label: str) -> None:
    place = found(typed)
    assert (place.label, place.kind, place.precision) == (label, "county", "county")


def test_a_name_of_several_states_asks_for_the_state_and_a_slip_is_helped() -> None:
    with pytest.raises(AmbiguousPlaceError, match="any of 8 counties") as several:
        found("Orange County")
    assert "Orange County, CA" in several.value.choices
    assert found(several.value.choices[0]).kind == "county"
    with pytest.raises(PlaceError, match="Did you mean Gallatin County, MT"):
        found("Galatin County, MT")


def test_a_borough_of_pennsylvania_is_a_town_and_words_that_name_no_state_are_no_county() -> None:
    assert found("State College Borough, PA").kind == "town"
    assert parse_county("Springfield, MO") is None
    assert parse_county("Cook County, Nowhere") is None


def test_a_county_stands_where_its_people_live_by_pencil() -> None:
    people = pd.DataFrame(
        {
            "county": ["30031", "30031", "30033", "29510"],
            "population": [300, 100, 0, 5],
            "latitude": [45.0, 47.0, 46.0, 38.6],
            "longitude": [-111.0, -109.0, -107.0, -90.2],
        }
    )
    outlines = gpd.GeoDataFrame(
        {
            "county": ["30031", "30033", "29510"],
            "name": ["Gallatin", "Empty", "St. Louis"],
            "state": ["MT", "MT", "MO"],
        },
        geometry=[box(0, 0, 1, 1)] * 3,
        crs="EPSG:4326",
    )
    points = points_of_counties(people, outlines).set_index("name")
    # Three quarters at 45, -111 and one at 47, -109; nobody in the second, a city of its own left out.
    assert points.loc["Gallatin", ["latitude", "longitude"]].tolist() == pytest.approx([45.5, -110.5])
    assert points.loc["Empty", ["latitude", "longitude"]].tolist() == pytest.approx([46.0, -107.0])
    assert "St. Louis" not in points.index


def test_the_counties_that_ship_lie_near_the_official_centres(shared) -> None:
    path = shared / "mirror/www2.census.gov/geo/docs/reference/cenpop2020/county/CenPop2020_Mean_CO.txt"
    official = pd.read_csv(path, dtype=str)
    official["county"] = official["STATEFP"] + official["COUNTYFP"]
    both = county_points().merge(official, on="county")
    away = (both["latitude"] - both["LATITUDE"].astype(float)).abs()
    assert len(both) > 3000
    assert away.median() < 0.05, "about 5 km, since the people that ship are modelled"
