import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from access.places.outlines import county_of
from access.places.people_model import (
    STATE_POPULATION,
    model_people,
    people_near,
    rurality_of_points,
    scale_to_states,
    spread_of_towns,
    town_parts,
)

# Wyoming as two counties side by side, and DC, which is one.
COUNTIES = gpd.GeoDataFrame(
    {"county": ["56001", "56003", "11001"], "state": ["WY", "WY", "DC"]},
    geometry=[box(-106, 41, -105, 42), box(-105, 41, -104, 42), box(-77.2, 38.8, -76.9, 39.0)],
    crs="EPSG:4326",
)


def zip_rows(*rows: tuple[str, str, str, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["zip", "city", "state", "latitude", "longitude"])
    return table.assign(kind="standard", area_codes=1, other_cities="")


ZIPS = zip_rows(
    ("82001", "Alpha", "WY", 41.2, -105.8),
    ("82002", "Alpha", "WY", 41.3, -105.8),
    ("82003", "Beta", "WY", 41.8, -105.2),
    ("82004", "Gamma", "WY", 41.2, -104.5),
    ("82005", "Delta", "WY", 41.8, -104.2),
    ("20001", "Washington", "DC", 38.9, -77.0),
    ("20002", "Washington", "DC", 38.9, -77.05),
    ("20003", "Washington", "DC", 38.95, -77.0),
)
PLACES = pd.DataFrame(
    [
        ("Washington", "DC", 38.9, -77.04, 700_000, 30),
        ("Alpha", "WY", 41.25, -105.8, 60_000, 12),
        ("Georgetown", "DC", 38.91, -77.06, 12_000, 12),
        ("Beta", "WY", 41.81, -105.21, 3_000, 0),
        ("Alpha Heights", "WY", 41.26, -105.8, 2_000, 1),
    ],
    columns=["name", "state", "latitude", "longitude", "population", "other_names"],
)


def with_kinds() -> pd.DataFrame:
    places = PLACES.assign(county=county_of(PLACES, COUNTIES))
    return places.assign(part=town_parts(places, ZIPS))


def test_people_are_whole_and_add_up_to_each_states_count() -> None:
    people = model_people(PLACES, ZIPS, COUNTIES)
    sums = people.groupby("state")["population"].sum()
    assert sums.to_dict() == {"DC": 689_545, "WY": 576_851}
    assert people["population"].dtype == np.int64
    assert people["geoid"].tolist() == sorted(
        f"m-{state}-{code}" for state, code in zip(ZIPS["state"], ZIPS["zip"], strict=True)
    )
    assert people["adults"].isna().all()
    assert set(people["rurality_scheme"]) == {"modelled"}


def test_the_order_of_the_inputs_does_not_matter() -> None:
    pd.testing.assert_frame_equal(
        model_people(PLACES, ZIPS.iloc[::-1].reset_index(drop=True), COUNTIES.iloc[::-1]),
        model_people(PLACES, ZIPS, COUNTIES),
    )


def test_a_town_draws_people_to_its_points() -> None:
    people = model_people(PLACES, ZIPS, COUNTIES).set_index("geoid")["population"]
    assert people["m-WY-82001"] > 5 * people["m-WY-82005"]


def test_parts_of_a_city_that_is_a_county_are_not_counted_again() -> None:
    assert with_kinds().set_index("name")["part"].to_dict() == {
        "Washington": "whole",
        "Georgetown": "none",  # many names, but inside Washington
        "Alpha": "own",
        "Beta": "own",  # few names, but a post office
        "Alpha Heights": "part",
    }


def test_a_large_town_spreads_over_its_post_office_and_a_small_one_stays_at_one_point() -> None:
    places, points = with_kinds(), ZIPS.assign(county=county_of(ZIPS, COUNTIES))
    spread = pd.DataFrame(spread_of_towns(places, points).toarray(), index=points["zip"], columns=places["name"])
    assert spread["Alpha"].to_dict() == {"82001": 0.5, "82002": 0.5} | dict.fromkeys(
        ["82003", "82004", "82005", "20001", "20002", "20003"], 0
    )
    assert spread["Beta"].idxmax() == "82003"
    assert spread["Washington"].loc[["20001", "20002", "20003"]].tolist() == pytest.approx([1 / 3] * 3)
    assert spread.sum().tolist() == pytest.approx([1.0] * len(places))


def test_people_outside_towns_take_up_the_slack_of_their_state() -> None:
    state = pd.Series(["WY", "WY", "DC"])
    people = scale_to_states(state, np.array([76_851.0, 0, 100.0]), np.array([1.0, 3.0, 0.0]))
    assert people.tolist() == pytest.approx([76_851 + 125_000, 375_000, 689_545])


def test_towns_that_hold_more_than_the_state_are_shrunk() -> None:
    state = pd.Series(["WY", "WY"])
    people = scale_to_states(state, np.array([1_000_000.0, 0]), np.array([0.0, 1.0]))
    assert people.tolist() == pytest.approx([0.95 * 576_851, 0.05 * 576_851])


def test_a_point_off_the_coast_takes_the_nearest_county_of_its_state() -> None:
    points = pd.DataFrame(
        {"latitude": [41.5, 41.5, 40.9, 41.5], "longitude": [-105.5, -104.5, -104.9, -105.0], "state": "WY"}
    )
    assert county_of(points, COUNTIES).tolist() == ["56001", "56003", "56003", "56001"]


def test_the_state_counts_are_those_of_the_2020_census() -> None:
    assert len(STATE_POPULATION) == 51
    assert sum(STATE_POPULATION.values()) == 331_449_281  # published resident population of the United States


def test_rurality_changes_at_exactly_the_people_needed() -> None:
    def at(people: int) -> str:
        point = pd.DataFrame({"latitude": [45.0], "longitude": [-110.0], "population": [people]})
        return str(rurality_of_points(point).iloc[0])

    limits = [(90_000, "urban", "large_town"), (19_000, "large_town", "small_town"), (6_500, "small_town", "rural")]
    for people, reached, missed in limits:
        assert at(people) == reached
        assert at(people - 1) == missed


def test_people_within_counts_a_points_own_people_and_those_in_reach() -> None:
    # One degree of latitude is 111.195 km on the sphere of radius 6,371.0088 km.
    points = pd.DataFrame({"latitude": [45.0, 45.1, 46.0], "longitude": -110.0, "population": [5, 7, 100]})
    assert people_near(points, 12).tolist() == [12, 12, 100]
    assert people_near(points, 11).tolist() == [5, 7, 100]
