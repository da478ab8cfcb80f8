"""A scenario's effects: load, criticality and rides by pencil in the valley; tables equal a full recomputation."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from access.measures.nearest import minutes_to_nearest, nearest_clinic
from access.measures.regimens import DEFAULT_REGIMENS
from access.places.pack import Pack, load_pack
from access.places.services import STATED, payer_answer
from access.questions.effects import (
    county_changes,
    gaps_around,
    people_by_limit,
    people_by_payer,
    scenario_comparison,
    starts_around,
)
from access.questions.what_if import (
    Baseline,
    Outcome,
    baseline,
    clinics_giving,
    outcome,
    outcome_for_payer,
)
from access.scenarios.clinic_load import (
    criticality,
    load_by_clinic,
    sessions_asked_per_week,
    with_capacity,
)
from access.scenarios.edits import AcceptPayer, CertifyRems, CloseClinic, OpenClinic, RideProgram
from access.scenarios.rides import needs_escort, people_who_need_escort
from access.scenarios.scenario import Scenario
from access.travel.estimate import estimate_trips
from access.words.scenarios import scenarios_for_people
from tests.worlds import valley_people, valley_trips

PEOPLE_OF = {"city_a": 500, "city_b": 300, "town": 150, "ranch": 50, "forest": 0}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("starter")


@pytest.fixture(scope="module")
def base(pack: Pack) -> Baseline:
    return baseline(pack, "esketamine", pack.people[pack.people["state"] == "MT"].reset_index(drop=True))


@pytest.fixture(scope="module")
def found(base: Baseline) -> Outcome:
    """A clinic opens in Miles City, the most used one closes, and a ketamine clinic of Bozeman is certified."""
    most_used = base.nearest["clinic_id"].astype("str").mode()[0]
    others = base.pack.clinics[
        (base.pack.clinics["state"] == "MT") & ~base.pack.clinics["clinic_id"].isin(base.clinics["clinic_id"])
    ]
    opened = OpenClinic(
        clinic_id="new", name="New", latitude=46.41, longitude=-105.84, treatments=("esketamine",), cost_usd=100_000
    )
    edits = (
        opened,
        CloseClinic(clinic_id=most_used, cost_usd=0),
        CertifyRems(clinic_id=others["clinic_id"].iloc[0], cost_usd=50_000),
    )
    return outcome(base, Scenario(name="three edits", edits=edits))


def test_who_leans_on_each_clinic_by_pencil() -> None:
    before = nearest_clinic(valley_trips())
    after = before.replace({"west": "east"}).where(before.index != "city_b")
    load = load_by_clinic(before, after, valley_people())
    # East is nearest for both places of the city, west for the town; then city_b reaches none and the town turns east.
    assert load.set_index("clinic_id").to_dict("index") == {
        "east": {"people_before": 800, "people_after": 650, "people_change": -150},
        "west": {"people_before": 150, "people_after": 0, "people_change": -150},
    }


def test_sessions_asked_by_pencil() -> None:
    # 520,000 people x 0.8 adults x 0.0115 x 0.1 beginning x 12 sessions / 52 weeks = 110.4.
    asked = sessions_asked_per_week(pd.Series([520_000]), DEFAULT_REGIMENS["esketamine"], adult_share=0.8, starting=0.1)
    assert asked.tolist() == pytest.approx([110.4])


def test_a_capacity_that_nobody_states_is_not_called_enough() -> None:
    load = pd.DataFrame({"clinic_id": ["a", "b", "c"], "people_before": 0, "people_after": [520_000, 520_000, 1]})
    services = pd.DataFrame(
        {
            "clinic_id": ["a", "b", "b"],
            "treatment": ["esketamine", "esketamine", "tms"],
            "capacity_per_week": [110.0, None, 999.0],
        }
    )
    table = with_capacity(load, services, DEFAULT_REGIMENS["esketamine"], adult_share=0.8, starting=0.1)
    assert table["is_exceeded"].tolist()[0] is True
    assert table["is_exceeded"].isna().tolist() == [False, True, True]


def test_what_each_closing_would_do_by_pencil() -> None:
    table = criticality(valley_trips(), valley_people(), 25).set_index("clinic_id")
    # East closes: city_a goes from 0 to 30 minutes, beyond 25; city_b from 10 to 20. West: the town from 60 to 90.
    assert table.loc["east"].tolist() == [500, 800, 0, (500 * 30 + 300 * 10) / 800]
    assert table.loc["west"].tolist() == [0, 150, 0, 30.0]
    assert table.index.tolist() == ["east", "west"]
    assert criticality(valley_trips(), valley_people(), 60).set_index("clinic_id")["people_lost"].to_dict() == {
        "east": 0,
        "west": 150,
    }


def test_each_closing_does_what_criticality_says(base: Baseline) -> None:
    table = criticality(base.trips, base.people, 60).set_index("clinic_id")
    for clinic_id in table.index[table["people_farther"] > 0]:
        closed = outcome(base, Scenario(edits=(CloseClinic(clinic_id=clinic_id),)))
        row = people_by_limit(base, closed, limits=[60]).iloc[-1]
        assert row["people_lost"] == table.loc[clinic_id, "people_lost"]
        unreached = closed.after["minutes"].isna() & base.nearest["minutes"].notna()
        people = base.people.set_index("geoid")["population"]
        assert people[unreached].sum() == table.loc[clinic_id, "people_unreached"]


def test_rides_lift_the_rule_for_whom_they_serve() -> None:
    trips = valley_trips()
    nearest = pd.DataFrame({"minutes": minutes_to_nearest(trips), "clinic_id": nearest_clinic(trips)})
    near = RideProgram(name="near", max_minutes=10)
    west = RideProgram(name="west", clinic_ids=("west",), treatments=("ect",), max_minutes=60)
    assert needs_escort(nearest, "ect").all()
    assert not needs_escort(nearest, "tms").any(), "after TMS a patient may drive"
    assert needs_escort(nearest, "ect", [near]).tolist() == [False, False, True, True, True]
    assert needs_escort(nearest, "ect", [near, west]).tolist() == [False, False, False, True, True]
    assert needs_escort(nearest, "ketamine_iv", [west]).all()
    assert people_who_need_escort(nearest, valley_people(), "ect", 60) == 950
    assert people_who_need_escort(nearest, valley_people(), "ect", 60, [near]) == 150


def anew(base: Baseline, found: Outcome) -> tuple[pd.Series, pd.Series]:
    """Minutes before and after, worked out in full."""
    minutes = []
    for clinics, services in ((base.pack.clinics, base.pack.services), (found.clinics, found.services)):
        there = clinics_giving(clinics, services, base.treatment)
        minutes.append(minutes_to_nearest(estimate_trips(base.people, there, landmarks=base.pack.people)))
    return minutes[0], minutes[1]


@pytest.mark.parametrize("by", ["rurality", "state", "county"])
def test_people_by_limit_equal_a_full_recomputation(base: Baseline, found: Outcome, by: str) -> None:
    before, after = anew(base, found)
    table = people_by_limit(base, found, by)
    people = base.people.assign(before=before.to_numpy(), after=after.to_numpy())
    for row in table.itertuples():
        group = getattr(row, by)
        here = people if group == "all" else people[people[by] == group]
        was, comes = here["before"] <= row.limit, here["after"] <= row.limit
        counts = [here["population"][chosen].sum() for chosen in (was, comes, ~was & comes, was & ~comes)]
        assert counts == list(row[table.columns.get_loc("people_within_before") + 1 :][:4])
    assert table["people_gained"].sum() > 0
    assert table["people_lost"].sum() > 0


def test_people_by_payer_count_only_clinics_that_state_it(base: Baseline, found: Outcome) -> None:
    payer_edit = AcceptPayer(clinic_id="new", payer="medicaid")
    richer = outcome(base, Scenario(edits=(*found.scenario.edits, payer_edit)))
    table = people_by_payer(base, richer, [60]).set_index("payer")
    for payer in ("medicaid", "private"):
        sides = []
        for clinics, services in ((base.pack.clinics, base.pack.services), (richer.clinics, richer.services)):
            answer = payer_answer(services[services["treatment"] == "esketamine"], payer)
            there = clinics[clinics["clinic_id"].isin(answer.index[answer == STATED])].reset_index(drop=True)
            minutes = minutes_to_nearest(estimate_trips(base.people, there, landmarks=base.pack.people))
            sides.append(int(base.people["population"].to_numpy()[(minutes <= 60).to_numpy()].sum()))
        assert table.loc[payer, ["people_within_before", "people_within_after"]].tolist() == sides
    assert table.loc["medicaid", "people_gained"] > table.loc["va", "people_gained"] == 0
    before, _ = outcome_for_payer(base, richer, "medicaid")
    assert len(before) == len(base.people)


def test_counties_add_up_and_their_minutes_are_those_of_their_people(base: Baseline, found: Outcome) -> None:
    table = county_changes(base, found, 60).set_index("county")
    whole = people_by_limit(base, found, limits=[60]).iloc[-1]
    assert table[["people_gained", "people_lost"]].sum().tolist() == [whole["people_gained"], whole["people_lost"]]
    custer = base.people[base.people["county"] == "30017"]  # Miles City
    before, after = (minutes.fillna(240).reindex(custer["geoid"]).to_numpy() for minutes in anew(base, found))
    assert table.loc["30017", "minutes_change"] == pytest.approx(
        np.average(after - before, weights=custer["population"]), rel=1e-6
    )
    assert table.loc["30017", "minutes_change"] < 0


def test_scenarios_stand_beside_how_things_are(base: Baseline, found: Outcome) -> None:
    rides = Scenario(name="rides", edits=(RideProgram(name="rides", max_minutes=60, cost_usd=10),))
    table = scenario_comparison(base, [found, outcome(base, rides)], 60).set_index("scenario")
    assert table.index.tolist() == ["as now", "three edits", "rides"]
    row = people_by_limit(base, found, limits=[60]).iloc[-1]
    assert table.loc["three edits", "people_gained"] == row["people_gained"]
    assert table.loc["three edits", "usd_per_person_gained"] == 150_000 / row["people_gained"]
    assert table.loc["as now", "people_needing_escort"] == table.loc["as now", "people_within"] > 0
    assert table.loc["rides", "people_needing_escort"] == 0
    assert table.loc["as now", ["people_gained", "people_lost"]].tolist() == [0, 0]
    assert np.isnan(table.loc["as now", "cost_usd"])
    assert np.isnan(table.loc["rides", "usd_per_person_gained"]), "nobody is gained"
    before, after = gaps_around(base, found)
    gap = after.gaps.set_index("beyond").loc[60.0]
    assert table.loc["three edits", "difference"] == gap["rural"] - gap["urban"]
    assert len(before.gaps) == 4


def test_lost_starts_are_told_of_esketamine_alone(base: Baseline, found: Outcome, pack: Pack) -> None:
    starts = starts_around(base, found).set_index("rurality")
    assert starts.loc["all", "lost_after"] == pytest.approx(starts["lost_after"].drop("all").sum())
    assert starts.loc["all", "expected_central"] == pytest.approx(base.people["population"].sum() * 0.779 * 0.0115)
    assert starts_around(replace(base, treatment="tms"), found).empty


def test_who_must_be_driven_is_not_known_of_a_treatment_without_a_course(pack: Pack) -> None:
    shots = baseline(pack, "ketamine_im", pack.people[pack.people["state"] == "TX"].reset_index(drop=True))
    table = scenario_comparison(shots, [], 60)
    assert table["people_needing_escort"].isna().all()
    assert scenarios_for_people(table, 60).loc["need somebody to drive them"].tolist() == ["not known"]


def test_nobody_gains_and_nobody_loses_by_no_edit(base: Baseline) -> None:
    table = people_by_limit(base, outcome(base, Scenario()))
    assert table[["people_gained", "people_lost"]].sum().sum() == 0
    assert (table["people_within_before"] == table["people_within_after"]).all()
    assert table["people"].iloc[-1] == base.people["population"].sum()
