"""Each rule of the merging joins what a person would, and leaves two what only looks alike; names are invented."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from access.places.directory.explain import RULE_WORDS
from access.places.directory.merge import merge_clinics
from benchmarks.merging import merged_lists
from tests.test_clinics_merge import clinics, services

STREET = {"address": "48 Elder Street", "zip": "02906"}


def rule(one: dict[str, Any], other: dict[str, Any]) -> str:
    """The rule that joins two clinics, in either order; "": they stay two."""
    joins = [_joins(clinics(a=one, b=other)), _joins(clinics(a=other, b=one))]
    assert joins[0] == joins[1]
    assert joins[0] == "" or joins[0] in RULE_WORDS
    return joins[0]


def _joins(listed: pd.DataFrame) -> str:
    return "|".join(merge_clinics([(listed, services({"clinic_id": "a"}))]).joins["rule"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # two desks of one hospital, whose own name is cut in two ways
        ("Providence Plantations Hospital, ECT Suite", "Plantations University Hospital", "street_and_name"),
        ("PHC/H Providence City Hospital", "Providence Hospital, Day Unit", "street_and_institution"),
        (
            "University of Rhode Island, Infant Study",
            "University of Rhode Island Medical Center",
            "street_and_institution",
        ),
        # another practice in a hospital's building; two hospitals that share no word but that
        ("Providence City Hospital", "Providence Ketamine", ""),
        ("Alder Hospital", "Birch Hospital", ""),
        # a name of common words: three of them, the same, are a name at one street
        ("Mental Health Services for, Adults", "Mental Health Services for, Children", "street_and_first_words"),
        ("Mental Health, Adults", "Mental Health, Children", ""),
    ],
)
def test_at_one_street_a_hospitals_name_or_three_first_words_make_one_site(one: str, other: str, expected: str) -> None:
    assert rule({**STREET, "name": one, "phone": None}, {**STREET, "name": other, "phone": None}) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("48 N. Elder Street", "street_and_name"),
        ("48 Rear Elder Street", "street_and_name"),
        ("48 Elder Street SW", "street_and_name"),
        ("48 Old Elder Street", ""),
        ("84 N. Elder Street", ""),
    ],
)
def test_a_street_may_lack_a_direction(address: str, expected: str) -> None:
    one = {**STREET, "name": "Quillfeather Psychiatry"}
    assert rule(one, {**one, "address": address}) == expected


@pytest.mark.parametrize(
    ("address", "with_phone", "without"),
    [
        ("48 Elder Medow Road", "street_and_name", ""),
        ("48 Eldar Medow Road", "street_and_name", ""),
        ("48 Elder Meadov Road", "street_and_name", ""),
        ("48 Willow Meadow Road", "", ""),
        ("48 Elder Meadow Lane", "", ""),
        ("49 Elder Meadow Road", "", ""),
    ],
)
def test_shorter_words_and_several_may_slip_under_one_telephone_only(
    address: str, with_phone: str, without: str
) -> None:
    one = {"name": "Quillfeather Psychiatry", "zip": "02906", "address": "48 Elder Meadow Road"}
    assert rule({**one, "phone": "401-555-0100"}, {**one, "address": address, "phone": "401-555-0100"}) == with_phone
    assert rule(one, {**one, "address": address}) == without


def test_a_number_and_a_direction_are_no_slip() -> None:
    one = {"name": "Quillfeather Psychiatry", "zip": "02906", "phone": "401-555-0100"}
    assert rule({**one, "address": "48 15th Street"}, {**one, "address": "48 16th Street"}) == ""
    assert rule({**one, "address": "48 North Elder Street"}, {**one, "address": "48 South Elder Street"}) == ""


@pytest.mark.parametrize(
    ("latitude", "phone", "address", "expected"),
    [
        (41.85, None, "48 Elder Street", "street_and_name_nearby"),
        (41.85, "401-555-0100", "48 Elder Street", "street_and_name_nearby"),
        (41.85, "401-555-0199", "48 Elder Street", ""),
        (41.85, None, "50 Elder Street", ""),
        (42.80, None, "48 Elder Street", ""),
    ],
)
def test_one_street_told_by_two_towns_is_one_site_if_they_are_near(
    latitude: float, phone: str | None, address: str, expected: str
) -> None:
    one = {**STREET, "name": "Quillfeather Psychiatry", "phone": "401-555-0100"}
    other = {**one, "city": "Pawtucket", "zip": "02860", "address": address, "phone": phone, "latitude": latitude}
    assert rule(one, other) == expected


OFFICE = {**STREET, "name": "Quillfeather Alliance", "phone": "401-555-0100"}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        # a group home whose street is withheld, though its ZIP is told
        ({"name": "Quillfeather Alliance, Cedar House", "zip": "02906", "phone": "401-555-0100"}, ""),
        # the same name under another ZIP
        ({"name": "Quillfeather Alliance", "zip": "02908"}, ""),
        ({"name": "Quillfeather Alliance", "zip": "02906"}, "whole_name_in_town"),
        ({"name": "Quillfeather Alliance, Inpatient", "zip": "02906"}, "leading_name_in_town"),
        # a public page that tells only the town
        ({"name": "Quillfeather Alliance - Cedar House"}, "leading_name_in_town"),
    ],
)
def test_a_house_whose_street_is_withheld_is_not_its_organisations_office(other: dict[str, Any], expected: str) -> None:
    assert rule(OFFICE, other) == expected


def test_two_houses_with_withheld_streets_and_two_telephones_are_two() -> None:
    home = {"name": "Quillfeather Alliance, Inpatient", "zip": "02906", "phone": "401-555-0100"}
    other = {**home, "name": "Quillfeather Alliance, Outpatient"}
    assert rule(home, other) == "leading_name_in_town"
    assert rule(home, {**other, "phone": "401-555-0199"}) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Center for Quill Mending TMS", "name_and_treatment_in_town"),
        ("Center for Quill Mending Ketamine Clinic", "name_and_treatment_in_town"),
        ("Center for Quill Mending North", ""),
    ],
)
def test_a_name_with_what_it_gives_is_that_name(name: str, expected: str) -> None:
    assert rule({**STREET, "name": "Center for Quill Mending"}, {"name": name}) == expected


def test_one_own_word_and_a_treatment_are_not_a_name() -> None:
    assert rule({**STREET, "name": "Quillfeather"}, {"name": "Quillfeather TMS"}) == ""


def test_the_va_of_a_town_is_one_if_it_has_one_and_not_in_virginia() -> None:
    centre = {**STREET, "name": "Narragansett VA Healthcare System"}
    page = {"name": "Providence VA TMS Clinic"}
    assert rule(centre, page) == "va_in_town"
    virginia = {"city": "Salem", "state": "VA"}
    assert rule({**centre, **virginia}, {**page, **virginia}) == ""
    second = {**centre, "address": "9 Ferry Road", "zip": "02908", "name": "Veterans Affairs Outpatient Clinic"}
    got = merge_clinics([(clinics(a=centre, b=second, c=page), services({"clinic_id": "a"}))])
    assert len(got.clinics) == 3


def test_bh_is_behavioral_health_and_a_system_is_its_clinic() -> None:
    assert rule({**STREET, "name": "Quill BH Systems Inc, Kent"}, {"name": "Quill Behavioral Health - Kent office"})


def test_every_rule_that_joins_real_records_has_its_words_and_the_order_of_rows_changes_nothing(shared: Path) -> None:
    got = merged_lists(shared / "mirror", every=True)
    assert set(got.joins["rule"]) <= set(RULE_WORDS)
    pd.testing.assert_frame_equal(merged_lists(shared / "mirror", every=True, shuffled=3).joins, got.joins)


def test_one_zip_written_in_two_states_is_two_places() -> None:
    elm = {"name": "Elm Clinic", "address": "5 Elm St", "zip": "02906", "phone": "401-555-0100"}
    boise = {"city": "Boise", "state": "ID", "latitude": 43.6, "longitude": -116.2}
    assert rule({**elm, "city": "Providence", "state": "RI"}, {**elm, **boise}) == ""
    assert rule({**elm, "city": "Providence", "state": "RI"}, {**elm, "city": "Cranston", "state": "RI"}) != ""
