"""An estimate never drives across the sea."""

from pathlib import Path

import pandas as pd
import pytest

from access.places.landmass import landmass
from access.sources.census.centers import county_centers


def land(county: str) -> str:
    return landmass(pd.Series([county])).iloc[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30031", "36061"),  # Bozeman and Manhattan
        ("12087", "25001"),  # the Keys and Cape Cod, by bridge
        ("53029", "53035"),  # Whidbey Island and Kitsap, by bridge
        ("51131", "51810"),  # Virginia's Eastern Shore and Virginia Beach, by tunnel
        ("15005", "15009"),  # Kalawao with Maui County
        ("02020", "02090"),  # Anchorage and Fairbanks, by the Parks Highway
        ("02122", "02170"),  # Kenai and Matanuska-Susitna
        ("02261", "02063"),  # Valdez before and after 2019
        ("02066", "02240"),
        ("02068", "02090"),
        ("72053", "72127"),  # Fajardo and San Juan
    ],
)
def test_counties_that_roads_join_are_one_landmass(one: str, other: str) -> None:
    assert land(one) == land(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15001", "15009"),  # Hawaii and Maui
        ("15003", "15009"),  # Oahu and Maui, 40 km of water to Molokai
        ("15003", "15007"),
        ("25019", "25001"),  # Nantucket and Cape Cod
        ("25007", "25001"),
        ("25007", "25019"),
        ("53055", "53073"),  # San Juan Islands and Bellingham
        ("72147", "72053"),  # Vieques and Fajardo
        ("72049", "72147"),
        ("02110", "02230"),  # Juneau and Skagway: ferry only
        ("02100", "02230"),  # Haines and Skagway: 25 km by water, 560 by road through Canada
        ("02110", "02020"),
        ("02050", "02070"),  # Bethel and Dillingham: no road at all
        ("02100", "02240"),  # Haines: to Alaska's roads through Canada only
        ("02020", "53033"),
        ("72053", "12086"),
    ],
)
def test_counties_that_only_water_or_another_country_joins_are_two(one: str, other: str) -> None:
    assert land(one) != land(other)


def test_every_borough_off_alaskas_roads_stands_alone() -> None:
    boroughs = pd.Series(
        [13, 16, 50, 60, 70, 100, 105, 110, 130, 150, 158, 164, 180, 185, 188, 195, 198, 220, 230, 275, 282, 290]
    )
    names = landmass("02" + boroughs.astype("str").str.zfill(3))
    assert names.nunique() == len(boroughs) == 22


def test_the_answer_keeps_the_index_and_is_text() -> None:
    got = landmass(pd.Series(["30031", "15003", "30031"], index=[5, 1, 9]))
    assert got.index.tolist() == [5, 1, 9]
    assert got.tolist() == ["mainland", "oahu", "mainland"]
    assert got.dtype == "str"
    assert landmass(pd.Series([], dtype="str")).empty


def test_every_county_of_2020_has_a_landmass_and_only_named_ones_are_off_the_mainland(shared: Path) -> None:
    counties = county_centers(
        shared / "mirror/www2.census.gov/geo/docs/reference/cenpop2020/county/CenPop2020_Mean_CO.txt"
    )
    land_of = landmass(counties["geoid"])
    outside = counties[(land_of != "mainland") & ~counties["state"].isin(["AK", "HI", "PR"])]
    assert sorted(outside["geoid"]) == ["25007", "25019", "53055"]
    assert land_of[counties["state"] == "AK"].nunique() == 1 + 22
    assert land_of[counties["state"] == "HI"].nunique() == 4
    assert land_of[counties["state"] == "PR"].nunique() == 3
