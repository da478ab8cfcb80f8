"""Merging says why, hears a person, lets lists confirm without adding, and is as right as it was measured to be."""

from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
import pytest

from access.errors import TableError
from access.places.directory.merge import merge_clinics
from benchmarks.merging import BLIND, judged, merged_lists, precision_and_recall
from tests.test_clinics_merge import BUTLER, clinics, services


def confirmed(**by_id: dict[str, Any]) -> pd.DataFrame:
    """Clinics without a point."""
    listed = clinics(**by_id).astype({"location_precision": "object"})
    return listed.assign(latitude=float("nan"), longitude=float("nan"), location_precision=None)


def decisions(*rows: tuple[str, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["one", "other", "same"])


def parts(kept_id: "pd.Series[str]") -> set[frozenset[str]]:
    return {frozenset(map(str, group.index)) for _, group in kept_id.groupby(kept_id)}


TWO = clinics(a=BUTLER, b={**BUTLER, "name": "Butler Hospital ECT", "address": "345 Blackstone Blvd, Suite 2"})
OF_A = services({"clinic_id": "a"})


def test_each_record_but_the_first_of_its_site_says_why_it_is_there() -> None:
    third = {**BUTLER, "name": "Sealy Center", "website": "https://www.butler.org/ect", "latitude": 41.9}
    listed = clinics(a={**BUTLER, "website": "butler.org"}, b={"name": "The Butler Hospital"}, c=third)
    got = merge_clinics([(listed, OF_A)]).joins
    assert got[["record_id", "clinic_id", "joined_to", "rule"]].to_numpy().tolist() == [
        ["b", "a", "a", "whole_name_in_town"],
        ["c", "a", "a", "street_and_phone"],
    ]
    assert got["same_phone"].tolist() == [False, True]
    assert got["same_website"].tolist() == [False, True]
    # a tenth of a degree of latitude on a sphere of 6371 km
    assert got["km"].tolist() == pytest.approx([0, 11.12], abs=0.01)
    assert got["name_score"].between(0, 1).all()


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("345 Blackstne Boulevard", True),
        ("354 Blackstone Boulevard", False),
        ("345 Blackburn Boulevard", False),
        ("345 Blackstone Road", False),
    ],
)
def test_a_slip_in_a_streets_name_is_forgiven_and_another_street_is_not(address: str, is_one: bool) -> None:
    got = merge_clinics([(clinics(a=BUTLER, b={**BUTLER, "address": address}), OF_A)])
    assert (len(got.clinics) == 1) == is_one


@pytest.mark.parametrize(("latitude", "is_one"), [(41.9, True), (42.8, False)])
def test_one_name_in_the_next_town_is_one_site_only_if_it_is_near(latitude: float, is_one: bool) -> None:
    other = {"name": "Butler Hospital", "city": "Pawtucket", "latitude": latitude}
    assert (len(merge_clinics([(clinics(a=BUTLER, b=other), OF_A)]).clinics) == 1) == is_one


def test_a_confirming_record_fills_what_its_site_lacks_and_starts_none() -> None:
    listed = clinics(a={**BUTLER, "phone": None})
    exact = clinics(y={**BUTLER, "website": "butler.org", "latitude": 41.84, "location_precision": "street"})
    others = confirmed(z={**BUTLER, "name": "Butler"}, x={"name": "Nobody Known", "city": "Newport"})
    got = merge_clinics([(listed, OF_A)], confirming=[others, exact])
    [site] = got.clinics.to_dict("records")
    assert (site["clinic_id"], site["phone"], site["website"]) == ("a", "401-455-6200", "butler.org")
    assert (site["latitude"], site["location_precision"]) == (41.84, "street")
    assert got.kept_id.to_dict() == {"a": "a", "y": "a", "z": "a"}
    assert got.joins.set_index("record_id")["km"].isna().to_dict() == {"y": False, "z": True}


def test_a_confirming_list_needs_no_columns_for_points() -> None:
    bare = confirmed(z=BUTLER).drop(columns=["latitude", "longitude", "location_precision"])
    got = merge_clinics([(clinics(a=BUTLER), OF_A)], confirming=[bare])
    assert got.kept_id.to_dict() == {"a": "a", "z": "a"}


def test_what_was_decided_to_be_two_is_not_asked_again() -> None:
    listed = clinics(a={"name": "Avera Behavioral Health Center"}, b={"name": "Avera McKennan Hospital"})
    assert len(merge_clinics([(listed, OF_A)]).possible) == 1
    assert merge_clinics([(listed, OF_A)], decisions=decisions(("a", "b", False))).possible.empty


def test_a_confirming_record_that_fits_two_sites_joins_neither() -> None:
    listed = clinics(a={**BUTLER, "address": "1 North Street"}, b={**BUTLER, "address": "2 South Street"})
    got = merge_clinics([(listed, OF_A)], confirming=[confirmed(z={"name": "Butler Hospital"})])
    assert got.kept_id.to_dict() == {"a": "a", "b": "b"}
    said = merge_clinics(
        [(listed, OF_A)], confirming=[confirmed(z={"name": "Butler Hospital"})], decisions=decisions(("b", "z", False))
    )
    assert said.kept_id.to_dict() == {"a": "a", "b": "b", "z": "a"}


def test_a_person_parts_what_the_rules_join_also_through_a_third_record() -> None:
    third = clinics(c=BUTLER)
    lists = [(TWO, OF_A), (third, services({"clinic_id": "c"}))]
    assert len(merge_clinics(lists).clinics) == 1
    got = merge_clinics(lists, decisions=decisions(("b", "a", False))).kept_id
    assert got["a"] != got["b"]
    assert got.nunique() == 2


def test_a_person_joins_what_the_rules_part() -> None:
    apart = clinics(a=BUTLER, b={"name": "Sealy Center", "city": "Newport"})
    got = merge_clinics([(apart, OF_A)], decisions=decisions(("a", "b", True)))
    assert got.kept_id.to_dict() == {"a": "a", "b": "a"}
    assert got.joins["rule"].tolist() == ["decision"]


def test_decisions_that_contradict_each_other_are_refused() -> None:
    three = clinics(a=BUTLER, b=BUTLER, c=BUTLER)
    said = decisions(("a", "b", True), ("b", "c", True), ("c", "a", False))
    with pytest.raises(TableError, match="1 decisions contradict each other: 'a' and 'c'"):
        merge_clinics([(three, OF_A)], decisions=said)
    with pytest.raises(TableError, match="no column 'same'"):
        merge_clinics([(three, OF_A)], decisions=said.drop(columns="same"))


def test_the_measured_precision_and_recall_stand_and_row_order_changes_nothing(shared: Path) -> None:
    mirror = shared / "mirror"
    got = merged_lists(mirror)
    pairs = judged(got)
    assert len(pairs) >= 200
    precision, recall = precision_and_recall(pairs[pairs["half"] == "held_out"])
    assert precision >= 0.95
    assert recall >= 0.87
    precision, recall = precision_and_recall(pairs[pairs["half"] == "tuned"])
    assert precision == 1
    assert recall >= 0.92
    again = merged_lists(mirror, shuffled=7)
    assert again.kept_id.to_dict() == got.kept_id.to_dict()
    pd.testing.assert_frame_equal(again.joins, got.joins)


def test_on_pairs_labelled_blind_few_joins_are_false_and_most_sites_are_found(shared: Path) -> None:
    pairs = judged(merged_lists(shared / "mirror", every=True), BLIND)
    assert len(pairs) >= 250
    measured = {half: precision_and_recall(rows) for half, rows in pairs.groupby("half")}
    for half, least_precision, least_recall in (("tuned", 1, 0.95), ("held_out", 0.98, 0.9), ("last", 1, 0.88)):
        precision, recall = measured[half]
        assert precision >= least_precision, half
        assert recall >= least_recall, half


def test_twelve_thousand_confirming_records_take_seconds() -> None:
    towns = [f"Town {number}" for number in range(100)]
    sites = {
        f"s{n}": {"name": f"Clinic Own{n}", "city": towns[n % 100], "address": f"{n} Main St"} for n in range(1000)
    }
    many = {f"z{n}": {**sites[f"s{n % 1000}"], "address": f"{n} Main St"} for n in range(12_000)}
    listed, confirming = clinics(**sites), confirmed(**many)
    began = perf_counter()
    got = merge_clinics([(listed, services({"clinic_id": "s0"}))], confirming=[confirming])
    assert perf_counter() - began < 12
    assert len(got.kept_id) == 2000
