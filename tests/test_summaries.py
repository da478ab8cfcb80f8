"""Measures that give a table: by pencil on the valley, and each one asked by name in the terminal."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.content.methods import methods_table
from access.errors import TableError
from access.measures.decay import exponential_decay, stepped_decay
from access.places.land import estimated_land_km2, read_land
from access.questions.measure_registry import DECAYS, SUMMARIES, Asked, Terms, ask, decay_named, summary
from tests.worlds import random_world, valley_people, valley_trips

SERVICES = pd.DataFrame(
    {
        "clinic_id": ["east", "west"],
        "treatment": ["ect", "ect"],
        "payers_accepted": ["medicaid", ""],
        "payers_refused": ["", ""],
        "price_usd": [300.0, 100.0],
        "capacity_per_week": [np.nan, np.nan],
    }
)


def valley(by: str | None = None, **more: object) -> Asked:
    groups = [by] if by else []
    return Asked(valley_trips(), valley_people(), SERVICES, ["ect"], groups, (30.0, 60.0), **more)


def test_gini_and_lorenz_by_pencil() -> None:
    # Minutes 0, 10, 60 and 240 (the ranch reaches nothing) of 500, 300, 150 and 50 people: 24,000 in all.
    # Shares 0, 1/8, 1/2, 1: 1 - (0.3 x 0.125 + 0.15 x 0.625 + 0.05 x 1.5) = 0.79375.
    assert summary("gini", valley())["gini"].tolist() == pytest.approx([0.79375])
    curve = summary("lorenz", valley()).set_index("people_share")["minutes_share"]
    assert curve[[0.5, 0.8, 0.95, 1.0]].tolist() == pytest.approx([0.0, 0.125, 0.5, 1.0])


def test_theil_adds_up_to_the_whole_by_pencil() -> None:
    table = summary("theil", valley("rurality"))
    # s ln(mu_g / mu) with mu 24: urban 0.125 ln(3.75 / 24), small town 0.375 ln 2.5, rural 0.5 ln 10.
    between = [0.125 * np.log(3.75 / 24), 0.375 * np.log(2.5), 0.5 * np.log(10)]
    assert table["between"].tolist() == pytest.approx(between)
    whole = summary("theil", valley())
    assert table["between"].sum() + table["within"].sum() == pytest.approx(
        whole["within"].sum() + whole["between"].sum()
    )


def test_poverty_of_minutes_by_pencil() -> None:
    table = summary("poverty", valley("rurality"))
    town = table[(table["rurality"] == "small_town") & (table["beyond"] == 30)].iloc[0]
    assert (town["fgt0"], town["fgt1"]) == (1, pytest.approx((60 - 30) / (240 - 30)))
    whole = summary("poverty", valley()).set_index("beyond")
    parts = table.groupby("beyond")[["contribution0", "contribution1", "contribution2"]].sum()
    for power in (0, 1, 2):
        assert parts[f"contribution{power}"].tolist() == pytest.approx(whole[f"fgt{power}"].tolist())
    assert summary("excess", valley())["people_unreached"].tolist() == [50, 50]


def test_a_payer_s_bounds_by_pencil() -> None:
    table = summary("payer", valley("rurality", payer="medicaid")).set_index(["rurality", "beyond"])
    # East states Medicaid, West does not say: the town reaches West in 60 minutes, East in 90.
    assert table.loc[("small_town", 60.0), ["share_low", "share_high"]].tolist() == [0, 1]
    assert table.loc[("rural", 60.0), "people_unreached_low"] == 50
    with pytest.raises(TableError, match="name it, such as --payer"):
        summary("payer", valley())


def test_concentration_by_pencil() -> None:
    with pytest.raises(TableError, match="--rank-by"):
        summary("concentration", valley())
    people = valley_people().assign(income=[40.0, 30.0, 20.0, 10.0, 5.0])
    asked = Asked(valley_trips(), people, SERVICES, ["ect"], rank_by="income")
    # Poorest first: ranch 240 (r 0.025), town 60 (0.125), city_b 10 (0.35), city_a 0 (0.75); mean 24.
    parts = [(0.05, 240, 0.025), (0.15, 60, 0.125), (0.3, 10, 0.35), (0.5, 0, 0.75)]
    index = 2 / 24 * sum(p * (minutes - 24) * (rank - 0.5) for p, minutes, rank in parts)
    found = summary("concentration", asked).iloc[0]
    assert found["concentration"] == pytest.approx(index)
    assert found["erreygers"] == pytest.approx(4 * 24 / 240 * index)


def test_the_cheapest_course_may_be_elsewhere() -> None:
    # Nine visits at $300 in the east against $100 in the west: both cities save by going west.
    table = summary("lightest", valley("rurality")).set_index("rurality")
    assert table["people_cheaper_elsewhere"].to_dict() == {"rural": 0, "small_town": 0, "urban": 800}
    assert table["people_quicker_elsewhere"].sum() == 0


def test_starts_lost_need_adults_and_the_gap_is_that_of_the_tables() -> None:
    with pytest.raises(TableError, match="ask for esketamine"):
        summary("starts_lost", valley())
    asked = replace(valley("rurality"), treatments=["esketamine"])
    lost = summary("starts_lost", asked).set_index("rurality")
    # 0.0115 x 120 adults of the town, whose nearest is 60 km or 37.3 miles: 1 - 0.319 of them are lost.
    assert lost.loc["small_town", "expected_central"] == pytest.approx(1.38)
    assert lost.loc["small_town", "lost_central"] == pytest.approx(1.38 * 0.681)
    assert summary("gap", valley())["difference"].tolist() == [1.0, 1.0]


def test_adequacy_needs_no_table_of_land() -> None:
    table = summary("adequacy", valley()).set_index("county")
    assert table["county_type"].unique().tolist() == ["ceac"], "a few hundred people in counties of thousands of km2"
    assert table["result"].to_dict() == {"30001": "pass", "30003": "pass", "56001": "fail"}


def test_estimated_land_is_near_the_official_area_of_known_counties() -> None:
    people = pd.DataFrame({"county": ["30031", "06037", "48301"]})
    # Census Gazetteer 2020, ALAND: Gallatin 6,743 km2, Los Angeles 10,515 km2, Loving 1,733 km2.
    land = estimated_land_km2(people)
    for county, official in {"30031": 6743, "06037": 10515, "48301": 1733}.items():
        assert land[county] == pytest.approx(official, rel=0.06)


def test_a_table_of_land_of_one_s_own_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "land.csv"
    path.write_text("county,land_km2\n30031,6743\n30033,0\n")
    with pytest.raises(TableError, match="county 30033"):
        read_land(path)
    path.write_text("county,land_km2\n30031,6743\n")
    assert read_land(path).to_dict() == {"30031": 6743.0}


@pytest.mark.parametrize("name", list(DECAYS))
def test_every_decay_is_found_by_its_name_and_ends_at_the_reach(name: str) -> None:
    decay = decay_named(name, 60)
    near, far = decay.weights([1.0, 61.0])
    assert 0 < near <= 1
    assert far == 0 or name == "esketamine"


def test_a_decay_takes_its_numbers_and_refuses_others() -> None:
    assert decay_named("exponential:0.05", 60) == exponential_decay(0.05, max_minutes=60)
    assert decay_named("zones", 30) == stepped_decay([10, 20, 30], [1, 0.68, 0.22])
    for wrong in ("nonsense", "binary:1,2", "gaussian:-3", "linear:x"):
        with pytest.raises(ValueError, match=r"decay|numbers|above zero|could not convert"):
            decay_named(wrong, 60)


def test_the_floating_catchment_is_asked_by_name_and_equals_a_plain_loop() -> None:
    people, _ = random_world(3, places=12)
    people = people.assign(population=people["population"] + 1)
    clinics = people.head(2).rename(columns={"geoid": "clinic_id"})[["clinic_id", "latitude", "longitude"]]
    services = SERVICES.assign(clinic_id=clinics["clinic_id"].to_numpy())
    from access.travel.estimate import estimate_trips

    trips = estimate_trips(people, clinics, landmarks=people)
    there = people.rename(columns={"geoid": "clinic_id"})[["clinic_id", "latitude", "longitude"]]
    between = estimate_trips(people, there, landmarks=people).to_frame()
    found = ask("floating", trips, people, services, ["ect"], Terms(max_minutes=90))
    living = people.set_index("geoid")["population"]
    reach = trips.to_frame()
    for place in people["geoid"]:
        near = between[(between["geoid"] == place) & (between["minutes"] <= 90)]["clinic_id"]
        clinics_near = (reach[reach["geoid"] == place]["minutes"] <= 90).sum()
        assert found[place] == pytest.approx(clinics_near / living[near].sum())


def test_every_summary_stands_in_the_methods() -> None:
    named = {name for cell in methods_table()["measure"] for name in cell.split(", ")}
    assert SUMMARIES.keys() <= named
