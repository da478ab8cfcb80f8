"""The report of a scenario: its figures are the terminal's, nothing in it runs, and it repeats itself."""

import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from access.documents.scenario_report import report_html, report_pdf, report_words
from access.documents.scenario_report_tables import MOST_ROWS, county_table
from access.measures.uptake import EVIDENCE
from access.places.outlines import load_outlines
from access.places.pack import Pack, load_pack
from access.questions.effects import (
    county_changes,
    people_by_limit,
    scenario_comparison,
    starts_around,
)
from access.questions.gaps import people_of
from access.questions.what_if import Baseline, Outcome, baseline, outcome
from access.scenarios.compare import changed_clinics
from access.scenarios.edits import (
    AcceptPayer,
    ChangeHours,
    CloseClinic,
    Edit,
    MobileSite,
    MoveClinic,
    OpenClinic,
    RideProgram,
    Stop,
)
from access.scenarios.scenario import Scenario
from access.words.scenarios import edits_for_people, strip_controls
from tests.payloads import HOSTILE
from tests.test_shortlist import pages_of
from tests.test_still import drawn

TODAY = date(2026, 11, 28)


def miles_city(**more: Any) -> OpenClinic:
    return OpenClinic(clinic_id="new-1", name="New", latitude=46.41, longitude=-105.84, **more)


def plan(treatment: str = "esketamine", name: str = "East", note: str = "") -> Scenario:
    """A clinic opens in Miles City, one of Billings closes, and a programme drives people home."""
    edits: tuple[Edit, ...] = (
        miles_city(treatments=(treatment,), cost_usd=100_000, capacity_per_week=10),
        CloseClinic(clinic_id="st-mt-001", cost_usd=0),
        RideProgram(name="Rides", max_minutes=30, cost_usd=20_000),
    )
    return Scenario(name=name, note=note, edits=edits)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("starter")


@pytest.fixture(scope="module")
def base(pack: Pack) -> Baseline:
    return baseline(pack, "esketamine", people_of(pack.people, "MT"))


@pytest.fixture(scope="module")
def found(base: Baseline) -> Outcome:
    return outcome(base, plan())


@pytest.fixture(scope="module")
def report(base: Baseline, found: Outcome) -> dict[str, Any]:
    return report_words(base, found, 60, "MT", TODAY)


def table(report: dict[str, Any], head: str) -> pd.DataFrame:
    """The table of the report whose first column is called so."""
    rows = next(
        one["rows"] for one in (report["edits"], report["figures"], *report["tables"]) if one["rows"][0][0] == head
    )
    return pd.DataFrame(rows[1:], columns=rows[0]).set_index(head)


def number(text: str) -> float:
    return float(re.sub(r"[^\d.-]", "", text.split(" (")[0]))


def asked_of_terminal(report: dict[str, Any], folder: Path) -> list[str]:
    """The command that applies what the report says it is about."""
    file = folder / "scenario.yaml"
    file.write_text(report["scenario"], encoding="utf-8")
    return [
        "scenario",
        "apply",
        str(file),
        "-t",
        "esketamine",
        "--state",
        "MT",
        "--within",
        "60min",
        "--pack",
        "starter",
    ]


def class_by_hand(gained: int, lost: int, people: int) -> str:
    if gained and lost:
        return "7"
    percent = 100 * (gained - lost) / people
    if percent <= 0:
        return "3" if percent == 0 else "0" if percent <= -25 else "1" if percent <= -5 else "2"
    return "4" if percent <= 5 else "5" if percent <= 25 else "6"


def test_the_figures_are_those_of_the_terminal(run, report: dict[str, Any], tmp_path: Path) -> None:
    asked = asked_of_terminal(report, tmp_path)
    rows = pd.DataFrame(json.loads(run(*asked, "--json")[1])["rows"])
    everyone = rows.set_index("rurality").loc["all"]
    assert [number(one["figure"]) for one in report["cards"][:2]] == [
        everyone["people_gained"],
        -everyone["people_lost"],
    ]
    assert everyone["people_gained"] > 0 < everyone["people_lost"]
    assert number(report["cards"][2]["figure"]) == pytest.approx(100 * (1 - everyone["share_beyond_after"]), abs=0.051)
    assert number(report["cards"][3]["figure"]) == pytest.approx(120_000 / everyone["people_gained"], abs=0.0051)
    within = table(report, "people live in")
    at_60 = within[within["minutes"] == "60"]
    for name, row in zip(
        ("urban", "large_town", "small_town", "rural", "all"), at_60.itertuples(index=False), strict=True
    ):
        told = rows.set_index("rurality").loc[name]
        assert number(row[1]) == told["people"] - told["people_beyond_before"]
        assert number(row[2]) == told["people"] - told["people_beyond_after"]
        assert [number(row[3]), -number(row[4])] == [told["people_gained"], told["people_lost"]]


def test_counties_and_payers_are_those_of_the_terminal(run, report: dict[str, Any], tmp_path: Path) -> None:
    asked = asked_of_terminal(report, tmp_path)
    by_county = pd.read_csv(io.StringIO(run(*asked, "--by", "county", "--csv")[1]), dtype={"county": str})
    changed = by_county[(by_county["people_gained"] > 0) | (by_county["people_lost"] > 0)]
    counties = table(report, "county")
    assert len(counties) == len(changed)
    assert counties["gained"].map(number).sum() == by_county["people_gained"].sum() > 0
    by_payer = pd.DataFrame(json.loads(run(*asked, "--by", "payer", "--json")[1])["rows"])
    told = table(report, "a clinic that states it takes")["people within, after"].map(number)
    assert told.tolist() == by_payer["people_within_after"].tolist()


def test_before_and_after_are_those_of_the_comparison(base: Baseline, found: Outcome, report: dict[str, Any]) -> None:
    both, told = scenario_comparison(base, [found], 60), table(report, "figure")
    for when, (_, row) in zip(("before", "after"), both.iterrows(), strict=True):
        assert number(told.loc["people within 60 minutes", when]) == row["people_within"]
        assert number(told.loc["urban people beyond", when]) == pytest.approx(
            100 * row["share_beyond_urban"], abs=0.051
        )
        assert number(told.loc["rural people beyond", when]) == pytest.approx(
            100 * row["share_beyond_rural"], abs=0.051
        )
        assert number(told.loc["gap: rural minus urban, in points", when]) == pytest.approx(
            100 * row["difference"], abs=0.051
        )
        assert number(told.loc["within reach, and need somebody to drive them", when]) == row["people_needing_escort"]
        assert number(told.loc["share of expected starts lost to distance", when]) == pytest.approx(
            100 * row["share_starts_lost"], abs=0.051
        )
    lost = starts_around(base, found).iloc[-1]
    assert number(told.loc["expected starts lost, at most", "after"]) == round(lost["lost_after"])
    assert "An association, not an effect" in report["figures"]["note"]
    assert EVIDENCE in report["figures"]["note"]


def test_every_county_has_the_class_of_its_people(base: Baseline, found: Outcome, report: dict[str, Any]) -> None:
    counties = county_changes(base, found, 60).set_index("county")
    wanted = {
        code: class_by_hand(row["people_gained"], row["people_lost"], row["people"])
        for code, row in counties.iterrows()
        if row["people"]
    }
    shapes = load_outlines()[1]
    wanted |= dict.fromkeys(set(shapes.loc[shapes["state"] == "MT", "county"]) - set(wanted), "x")
    got = {code: one for code, (one, _, _) in drawn(report["map"]).items()}
    assert got == wanted
    assert set(got.values()) >= {"3", "6"}
    assert report["map"].count('data-clinics="opened"') == report["map"].count('data-clinics="closed"') == 1
    assert len(report["marks"]) == 3


def test_two_counties_in_one_outline_are_added_up(pack: Pack) -> None:
    people = people_of(pack.people, "AK")
    # Valdez-Cordova as the Census of 2020 has it: a mean of the two shares would be another class than the sum's.
    coast = people["geoid"].isin(["m-AK-99677", "m-AK-99686"])
    county = people["county"].mask(coast, "02063").replace("02261", "02066")
    base = baseline(pack, "tms", people.assign(county=county))
    opened = OpenClinic(clinic_id="c", name="Cordova", latitude=60.54, longitude=-145.76, treatments=("tms",))
    found = outcome(base, Scenario(edits=(opened,)))
    both = county_changes(base, found, 60).set_index("county").loc[["02063", "02066"]].sum()
    assert both["people_gained"] > 0
    got = drawn(report_words(base, found, 60, "AK", TODAY)["map"])
    assert got["02261"][0] == class_by_hand(both["people_gained"], both["people_lost"], both["people"])


def test_a_clinic_that_moves_is_marked_where_it_was_and_where_it_goes(base: Baseline) -> None:
    moved = outcome(base, Scenario(edits=(MoveClinic(clinic_id="st-mt-001", latitude=46.41, longitude=-105.84),)))
    clinics = changed_clinics(base.clinics, moved.giving)
    there = clinics[clinics["clinic_id"] == "st-mt-001"].set_index("change")["longitude"]
    assert there["opened"] == -105.84
    assert there["closed"] != there["opened"]
    assert (clinics["change"] == "kept").sum() == len(base.clinics) - 1


def test_text_that_turns_what_follows_is_shown_without_that() -> None:
    assert strip_controls("a\x00b\u202egnp\u2066.\nc") == "abgnp.\nc"
    assert strip_controls("مرحبا שלום \U0001f468\u200d\U0001f469") == "مرحبا שלום \U0001f468\u200d\U0001f469"
    for text in HOSTILE:
        edits = [RideProgram(name=text[:200]), miles_city(treatments=(text[:50],), payers=(text[:50],))]
        table = edits_for_people(edits, lambda clinic_id: clinic_id)
        assert table.iloc[0, 1] == strip_controls(text[:200])


def test_edits_are_told_in_words(base: Baseline) -> None:
    edits: tuple[Edit, ...] = (
        MobileSite(
            clinic_id="van",
            name="Van",
            treatments=("tms",),
            stops=(Stop(town="Havre, MT", days=("mon",)), Stop(at_clinic="st-mt-001", days=("tue", "wed"))),
        ),
        ChangeHours(clinic_id="st-mt-001", hours_per_week=40, instead_of=20, cost_usd=1500.4),
        AcceptPayer(clinic_id="st-mt-001", payer="medicaid"),
    )
    table = edits_for_people(edits, {"st-mt-001": "Billings"}.get)
    assert table["how"].tolist() == [
        "Havre, MT (Mon); at the site of Billings (Tue, Wed); TMS",
        "40 hours a week; instead of 20",
        "takes Medicaid",
    ]
    assert table["where"].tolist() == ["Van (van)", "Billings (st-mt-001)", "Billings (st-mt-001)"]
    assert table["cost"].tolist() == ["not stated", "$1,500", "not stated"]


def test_nobody_gains_and_costs_are_not_made_up(base: Baseline) -> None:
    closed = CloseClinic(clinic_id="st-mt-001")
    report = report_words(base, outcome(base, Scenario(edits=(closed,))), 60, "MT", TODAY)
    assert report["cards"][0]["figure"] == "+0"
    assert (report["cards"][3]["figure"], report["edits"]["note"]) == ("not stated", "All edits together: not stated.")
    paid = closed.model_copy(update={"cost_usd": 5.0})
    report = report_words(base, outcome(base, Scenario(edits=(paid,))), 60, "MT", TODAY)
    assert report["cards"][3]["figure"] == "nobody gained"
    nothing = report_words(base, outcome(base, Scenario()), 60, "MT", TODAY)
    assert nothing["sentence"].startswith("Nobody comes within 60 minutes")
    assert [one["note"] for one in nothing["tables"]].count("None.") == 2
    assert not any("other data" in one for one in nothing["method"])
    other = report_words(base, outcome(base, Scenario(pack="us-2020")), 60, "MT", TODAY)
    assert "The scenario was written for other data: us-2020." in other["method"]
    assert pages_of(report_pdf(nothing)) > 1
    assert b"None." in report_html(nothing)


def test_a_state_without_a_clinic_and_a_treatment_without_a_course(pack: Pack) -> None:
    offering = pack.services[pack.services["treatment"] == "ketamine_im"]["clinic_id"]
    without = sorted(
        set(pack.people["state"]) - set(pack.clinics.loc[pack.clinics["clinic_id"].isin(offering), "state"])
    )
    assert "MT" in without
    base = baseline(pack, "ketamine_im", people_of(pack.people, "MT"))
    found = outcome(base, Scenario(edits=(miles_city(treatments=("ketamine_im",)),)))
    report = report_words(base, found, 45, "MT", TODAY)
    told = table(report, "figure")
    assert told.loc["within reach, and need somebody to drive them"].tolist() == ["not known", "not known"]
    assert told.loc["people within 45 minutes", "before"] == "0 (0.0 %)"
    assert not any("starts" in name for name in told.index)
    assert "sessions a week asked" not in table(report, "clinic").columns
    assert {"30", "45", "60"} <= set(table(report, "people live in")["minutes"])
    assert pages_of(report_pdf(report)) > 1


def test_small_counts_of_a_county_are_not_told_and_few_are_left_out_in_silence() -> None:
    areas = load_outlines()[1]
    codes = areas["county"].head(MOST_ROWS + 2)
    gained = [5, *range(100, 100 + MOST_ROWS + 1)]
    found = pd.DataFrame(
        {"county": codes, "people": 1000, "people_gained": gained, "people_lost": 0, "minutes_change": -1.0}
    )
    few = county_table(found.head(3), areas)["rows"]
    assert [row[2] for row in few[1:]] == ["101", "100", "fewer than 11"]
    many = county_table(found, areas)
    assert len(many["rows"]) == MOST_ROWS + 1
    assert many["note"].endswith("2 more counties are left out.")
    tiny = county_table(found.head(1).assign(people=7), areas)["rows"][1]
    assert tiny[1:] == ["fewer than 11", "fewer than 11", "0", "–"]


def test_the_nation_names_states_and_its_map_has_every_county(pack: Pack) -> None:
    base = baseline(pack, "ect")
    edits = (
        miles_city(treatments=("ect",)),
        OpenClinic(clinic_id="hilo", name="Hilo", latitude=19.72, longitude=-155.08, treatments=("ect",)),
        CloseClinic(clinic_id="st-me-001"),
    )
    found = outcome(base, Scenario(name="Nation", edits=edits))
    report = report_words(base, found, 60, None, TODAY)
    states = people_by_limit(base, found, "state", [60])
    changed = states[(states["people_gained"] > 0) | (states["people_lost"] > 0)]
    told = table(report, "state")
    assert told["gained"].map(number).tolist() == changed["people_gained"].tolist()
    assert {"Hawaii", "Maine", "Montana"} <= set(told.index)
    counties = county_changes(base, found, 60).set_index("county")
    got = drawn(report["map"])
    assert len(got) > 3100
    for code in ("15001", "23019", "30017", "06037"):
        row = counties.loc[code]
        assert got[code][0] == class_by_hand(row["people_gained"], row["people_lost"], row["people"])
    # What is opened in Hawaii stands in its inset; a clinic that stays is not drawn, and has no mark in the legend.
    group = re.search(
        r'data-clinics="opened">(?:<path d="M([\d.]+) ([\d.]+)m[^>]*>)</g>.*data-clinics="opened"', report["map"]
    )
    assert group
    assert 'data-clinics=""' not in report["map"]
    assert len(report["marks"]) == 2
    assert "--state" not in report["command"]
    assert pages_of(report_pdf(report)) <= 4
