"""A listing is as sure as its evidence: worked by hand from the rule."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from access.measures.nearest import expected_minutes
from access.places.directory.confidence import ListingRule, chance_by_clinic, confidence
from access.places.pack import load_pack
from access.questions.care import evidence
from access.questions.gaps import people_of, treatment_trips
from access.sources.source_list import service_rows
from access.tables import SERVICES, check_table
from access.words.care import evidence_text

TODAY = date(2026, 11, 28)


def services(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"clinic_id": "a", "treatment": "tms", "source": "page", "evidence": "seen"}
    return check_table(service_rows([{**usual, **row} for row in rows]), SERVICES, where="the test")


def works(*rows: dict[str, Any]) -> float:
    (only,) = confidence(services(*rows), TODAY)["works"]
    return float(only)


FRESH = {"seen_date": "2026-10-01"}  # 58 days old
SURVEYED = {"source": "SAMHSA", "evidence": "surveyed", "checked_on": "2026-11-01", "seen_date": "2025"}


@pytest.mark.parametrize(
    ("rows", "chance"),
    [
        ([FRESH], 0.83),
        ([{"seen_date": "2026-08-30"}], 0.83),  # 90 days: the edge is fresh
        ([{}], 0.67),  # undated
        ([{"seen_date": "2026"}], 0.83 - 0.33 * (331 - 90) / (1825 - 90)),  # from 1 January: 331 days
        ([{"seen_date": "2019-05"}], 0.5),
        ([SURVEYED], 0.83),  # by the day the directory was read, not by its year
        ([{**FRESH, "missing_since": "2026-11-20"}], 0.5),
        ([FRESH, SURVEYED], 0.95),  # 1 - 0.17 x 0.17 = 0.97, held at the most
        ([{}, {**FRESH, "missing_since": "2026-11-20", "source": "b", "evidence": "billed"}], 1 - 0.33 * 0.5),
        ([{}, {**FRESH, "source": "another page"}], 0.83),  # one kind of evidence counts once, by the surest
    ],
)
def test_the_chance_follows_from_age_and_number_of_kinds(rows: list[dict[str, Any]], chance: float) -> None:
    assert works(*rows) == pytest.approx(chance)


def test_who_says_so_since_when_and_how_old_it_is() -> None:
    listed = services(
        {**FRESH, "source": "page"},
        {**SURVEYED, "missing_since": "2026-11-20"},
        {"clinic_id": "b", "treatment": "ect"},
    )
    sure = confidence(listed, TODAY)
    assert sure.index.tolist() == [("a", "tms"), ("b", "ect")]
    first, second = (row for _, row in sure.iterrows())
    assert (first["sources"], first["evidence"], first["age_days"]) == ("page; SAMHSA", "seen|surveyed", 27)
    assert (first["missing_since"], bool(first["is_stale"])) == ("2026-11-20", True)
    assert np.isnan(second["age_days"])
    assert bool(second["is_stale"])
    assert not confidence(services(FRESH), TODAY)["is_stale"].iloc[0]


def test_the_surest_treatment_of_a_clinic_counts() -> None:
    sure = confidence(services(FRESH, {"treatment": "ect"}, {"clinic_id": "b", "treatment": "ect"}), TODAY)
    assert chance_by_clinic(sure, ["tms", "ect"]).to_dict() == {"a": 0.83, "b": 0.67}
    assert chance_by_clinic(sure, ["tms"]).to_dict() == {"a": 0.83}


def test_the_chances_of_a_real_pack_go_into_the_measures() -> None:
    pack = load_pack("starter")
    people = people_of(pack.people, "VT")
    trips = treatment_trips(people, pack.clinics, pack.services, ["tms"], landmarks=pack.people)
    chances = chance_by_clinic(confidence(pack.services, TODAY), ["tms"])
    assert chances.between(0.5, 0.95).all()
    by_clinic, by_prior = expected_minutes(trips, works=chances), expected_minutes(trips)
    assert (by_clinic["chance_none_works"] >= by_prior["chance_none_works"] - 1e-12).all()
    assert (by_clinic["chance_none_works"] > by_prior["chance_none_works"]).any()


@pytest.mark.parametrize("wrong", [{"fresh": 1.2}, {"least": 0.9}, {"fresh_days": 9999}, {"fresh_days": -1}])
def test_what_is_no_chance_or_no_age_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must"):
        ListingRule(**wrong)


def test_a_card_says_what_the_word_rests_on_and_that_a_source_no_longer_has_it() -> None:
    listed = services(
        {**FRESH, "source": "page"}, {**SURVEYED, "missing_since": "2026-11-20"}, {"clinic_id": "b", **FRESH}
    )
    told = evidence_text(evidence(listed), TODAY)
    assert told == [
        "page; SAMHSA, dated 2026-10-01 (58 days old); seen on a public page, named in SAMHSA's survey; "
        "a source no longer has it since 2026-11-20",
        "page, dated 2026-10-01 (58 days old); seen on a public page",
    ]


def test_a_pack_that_keeps_no_kinds_says_what_it_said_before() -> None:
    shipped = load_pack("starter").services.drop(columns="evidence")
    told = evidence_text(evidence(shipped[shipped["clinic_id"] == "st-ak-001"]), TODAY)
    assert told == ["TRD Access curated list, not dated, read 2026-11-23"]
