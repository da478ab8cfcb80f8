"""One site is one clinic, two sites stay two, and no source's word is lost."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from access.errors import TableError
from access.places.directory.merge import MergedClinics, merge_clinics
from access.places.directory.spelling import domain_of, phone_of, street_of, words_of
from access.places.pack import load_pack
from access.sources.samhsa.directory import read_samhsa_directory
from access.tables import CLINICS, SERVICES

SAMHSA = "https://www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx"


def clinics(**by_id: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "name": "Butler Hospital",
        "city": "Providence",
        "state": "RI",
        "latitude": 41.8,
        "longitude": -71.4,
        "location_precision": "city",
    }
    rows = [{**usual, "clinic_id": clinic_id, **facts} for clinic_id, facts in by_id.items()]
    return pd.DataFrame(rows).reindex(columns=list(CLINICS.columns))


def services(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"treatment": "ect", "payers_accepted": "", "payers_refused": "", "source": "starter"}
    table = pd.DataFrame([{**usual, **row} for row in rows]).reindex(columns=list(SERVICES.columns))
    return table.astype({"price_usd": "float64"})


def merged(one: dict[str, Any], other: dict[str, Any]) -> MergedClinics:
    """A list with `one`, and a second list with `other`."""
    first, second = clinics(a=one), clinics(b=other)
    return merge_clinics(
        [(first, services({"clinic_id": "a"})), (second, services({"clinic_id": "b", "source": "SAMHSA"}))]
    )


def is_one_site(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return len(merged(one, other).clinics) == 1


BUTLER = {"name": "Butler Hospital", "address": "345 Blackstone Boulevard", "zip": "02906", "phone": "401-455-6200"}


@pytest.mark.parametrize(
    "other",
    [
        BUTLER,
        {**BUTLER, "address": "345 Blackstone Blvd."},
        {**BUTLER, "address": "345 Blackstone Blvd, Suite 210"},
        {**BUTLER, "address": "345 Blackstone Blvd Ste 210", "phone": "401-455-6632"},
        {**BUTLER, "name": "Butler Hospital (TMS Clinic and ECT Program)", "phone": None},
        {**BUTLER, "name": "Sealy Center", "phone": "(401) 455-6200 x12"},
        {**BUTLER, "zip": "02912"},
        {"name": "Butler Hospital - ECT service"},
        {"name": "The Butler Hospital, Inc."},
        {"name": "Center for Brain Stimulation at Butler", "phone": "1-401-455-6200"},
    ],
)
def test_one_site_written_in_two_ways_is_one_clinic(other: dict[str, Any]) -> None:
    assert is_one_site(BUTLER, other)
    assert is_one_site(other, BUTLER)


@pytest.mark.parametrize(
    "other",
    [
        # another clinic in the same medical building
        {**BUTLER, "name": "Serenity Ketamine", "phone": "401-555-0100"},
        {**BUTLER, "name": "Serenity Ketamine", "phone": None},
        # another branch, with the same name and telephone
        {**BUTLER, "address": "700 Butler Drive"},
        # the same name elsewhere
        {**BUTLER, "address": None, "zip": "16001", "city": "Butler", "state": "PA", "phone": None},
        # words that any two clinics of a town may share
        {"name": "Providence Behavioral Health"},
        {"name": "Rhode Island Hospital, Inpatient Psychiatry"},
        # the telephone of a call centre, and another name
        {"name": "Lifespan Psychiatry", "phone": "401-455-6200"},
    ],
)
def test_two_sites_that_are_alike_stay_two(other: dict[str, Any]) -> None:
    assert not is_one_site(BUTLER, other)
    assert not is_one_site(other, BUTLER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nashville Ketamine (Dr. Barton)", "Nashville TMS"),
        ("Serenity Ketamine", "Serenity TMS"),
        ("Montare at the Canyon", "Montare at the Canyon 2"),
        ("University Hospital", "University Hospital South"),
        ("Day Program, Adult Psychiatry", "Outpatient Clinic, Adult Psychiatry"),
    ],
)
def test_names_that_differ_in_the_word_that_matters_are_two_sites(one: str, other: str) -> None:
    assert not is_one_site({"name": one}, {"name": other})


def test_programmes_at_one_hospitals_address_are_one_site() -> None:
    mill = {"address": "115 Mill Street", "city": "Belmont", "state": "MA", "zip": "02478"}
    listed = clinics(
        a={**mill, "name": "Appleton, McLean Hospital", "phone": "617-855-3121"},
        b={**mill, "name": "LEADER, McLean Hospital", "phone": "617-855-3141"},
        c={**mill, "name": "McLean Hospital, Alcohol and Drug Abuse Treatment", "phone": "617-855-2781"},
    )
    rows = services(
        {"clinic_id": "a", "payers_accepted": "medicare", "note": "one"},
        {"clinic_id": "b", "payers_accepted": "private|medicare", "note": "two", "seen_date": "2023"},
        {"clinic_id": "c", "treatment": "tms"},
    )
    got = merge_clinics([(listed, rows)])
    assert got.clinics["clinic_id"].tolist() == ["a"]
    told = got.services[["clinic_id", "treatment", "payers_accepted", "note", "seen_date"]].fillna("")
    assert told.to_numpy().tolist() == [
        ["a", "ect", "medicare|private", "one; two", "2023"],
        ["a", "tms", "", "", ""],
    ]


def test_a_record_without_a_street_that_fits_two_branches_joins_neither() -> None:
    branches = clinics(
        a={"name": "Klarisana", "address": "1 North Street"}, b={"name": "Klarisana", "address": "2 South Street"}
    )
    vague = clinics(c={"name": "Klarisana"})
    got = merge_clinics([(branches, services({"clinic_id": "a"})), (vague, services({"clinic_id": "c"}))])
    assert len(got.clinics) == 3
    assert got.possible.to_numpy().tolist() == [["a", "c"], ["b", "c"]]


def test_names_that_a_person_should_look_at_are_listed_and_left_two() -> None:
    got = merged(
        {"name": "Avera Behavioral Health Center"}, {"name": "Avera McKennan Hospital", "address": "1 Cliff Ave"}
    )
    assert len(got.clinics) == 2
    assert got.possible.to_numpy().tolist() == [["a", "b"]]


def test_every_source_keeps_its_own_word() -> None:
    got = merged({**BUTLER, "phone": None}, BUTLER)
    assert got.services[["clinic_id", "source"]].to_numpy().tolist() == [["a", "starter"], ["a", "SAMHSA"]]
    assert got.kept_id.to_dict() == {"a": "a", "b": "a"}


def test_the_better_point_wins_and_gaps_are_filled() -> None:
    vague = {"name": "Butler Hospital", "website": "butler.org", "latitude": 41.82, "longitude": -71.41}
    exact = {**BUTLER, "latitude": 41.84, "longitude": -71.38, "location_precision": "zip", "setting": "hospital"}
    got = merged(vague, exact).clinics.iloc[0]
    assert (got["clinic_id"], got["website"]) == ("a", "butler.org")
    assert (got["latitude"], got["longitude"], got["location_precision"]) == (41.84, -71.38, "zip")
    assert (got["address"], got["zip"], got["phone"], got["setting"]) == (
        "345 Blackstone Boulevard", "02906", "401-455-6200", "hospital",
    )  # fmt: skip
    again = merged(exact, vague).clinics.iloc[0]
    assert (again["latitude"], again["location_precision"], again["website"]) == (41.84, "zip", "butler.org")


def test_facts_that_differ_are_reported_with_both_values() -> None:
    got = merged(
        {**BUTLER, "name": "Butler Hospital (ECT)"}, {**BUTLER, "phone": "401-455-6632", "setting": "hospital"}
    )
    assert got.conflicts.to_numpy().tolist() == [
        ["a", "name", "Butler Hospital (ECT)", "Butler Hospital", "b"],
        ["a", "phone", "401-455-6200", "401-455-6632", "b"],
    ]


def test_another_spelling_of_one_fact_is_no_conflict() -> None:
    got = merged(
        BUTLER, {**BUTLER, "name": "The Butler Hospital", "phone": "(401) 455-6200", "address": "345 Blackstone Blvd"}
    )
    assert got.conflicts.empty


def test_a_payer_that_one_source_both_accepts_and_refuses_is_unknown() -> None:
    listed = clinics(a=BUTLER, b=BUTLER)
    rows = services(
        {"clinic_id": "a", "payers_accepted": "medicaid|private"},
        {"clinic_id": "b", "payers_refused": "medicaid|va", "price_usd": 400.0},
    )
    got = merge_clinics([(listed, rows)]).services.iloc[0]
    assert (got["payers_accepted"], got["payers_refused"], got["price_usd"]) == ("private", "va", 400.0)


def test_the_order_of_sites_is_that_of_the_lists_and_merging_again_changes_nothing() -> None:
    first = clinics(z={"name": "Zeta Clinic"}, a=BUTLER)
    second = clinics(m={"name": "Midway Psychiatry"}, b=BUTLER)
    rows = [
        services({"clinic_id": "z"}, {"clinic_id": "a"}),
        services({"clinic_id": "m"}, {"clinic_id": "b", "source": "x"}),
    ]
    got = merge_clinics([(first, rows[0]), (second, rows[1])])
    assert got.clinics["clinic_id"].tolist() == ["z", "a", "m"]
    again = merge_clinics([(got.clinics, got.services)])
    pd.testing.assert_frame_equal(again.clinics, got.clinics)
    pd.testing.assert_frame_equal(again.services, got.services)


def test_an_id_in_two_lists_and_a_service_of_nobody_are_refused() -> None:
    listed, rows = clinics(a=BUTLER), services({"clinic_id": "a"})
    with pytest.raises(TableError, match="1 clinic ids are in more than one list, the first is 'a'"):
        merge_clinics([(listed, rows), (listed, rows)])
    with pytest.raises(TableError, match="1 services are of clinics that are in no list, the first is 'nobody'"):
        merge_clinics([(listed, services({"clinic_id": "nobody"}))])


@pytest.mark.parametrize(
    ("written", "street"),
    [
        ("2525 S. Downing Street", "2525 s downing st"),
        ("2525 South Downing St, Units 1 South", "2525 s downing st"),
        ("57 Saint Marks Place", "57 st marks pl"),
        ("6655 East U.S. Highway 36", "6655 e us hwy 36"),
        ("Suite 100, 3300 Cahaba Rd", "3300 cahaba rd"),
        ("30-07 36th Avenue #2", "30-07 36th ave"),
        ("115 Mill Street, Mail Stop 222", "115 mill st"),
        ("462 Grider Street Bldg 4", "462 grider st"),
        ("Niles Avenue", ""),
        ("---", ""),
        ("", ""),
    ],
)
def test_streets_are_brought_to_one_spelling(written: str, street: str) -> None:
    assert street_of(written) == street


@pytest.mark.parametrize(
    ("written", "phone"),
    [("(401) 455-6200", "4014556200"), ("1-401-455-6200 x12", "4014556200"), ("401.455.6200 ext. 3", "4014556200"),
     ("455-6200", ""), ("", ""), ("401-455-6200 x13668", "4014556200")],
)  # fmt: skip
def test_telephones_are_ten_digits_or_unknown(written: str, phone: str) -> None:
    assert phone_of(written) == phone


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.butler.org/tms?from=list", "butler.org"),
        ("charleston.va.gov", "va.gov"),
        ("http://clinic.example.co.uk:8080", "example.co.uk"),
        # Two customers of one host are two owners.
        ("one.wixsite.com/tms", "one.wixsite.com"),
        ("10.0.0.1", "10.0.0.1"),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_a_website_is_known_by_the_domain_that_its_owner_registered(website: str, domain: str) -> None:
    assert domain_of(website) == domain


def test_names_are_words_in_one_spelling() -> None:
    assert (
        words_of("The Queen's Medical Ctr., Inc.")
        == words_of("Queens Medical Center")
        == {"queen", "medical", "center"}
    )
    assert words_of("Veterans Affairs Medical Center") == words_of("VA Medical Centers")


def test_the_starter_list_and_the_directory_share_the_sites_that_a_person_finds(shared: Path) -> None:
    starter = load_pack("starter")
    real = read_samhsa_directory(
        shared / "mirror/www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx", source_url=SAMHSA
    )
    # every listed facility at one point: only names, streets, towns and telephones may decide
    listed = real.clinics.assign(latitude=40.0, longitude=-100.0, location_precision="zip")
    got = merge_clinics([(starter.clinics, starter.services), (listed, real.services)])
    names = pd.concat([starter.clinics, listed]).set_index("clinic_id")["name"]
    joined = got.kept_id[(got.kept_id != got.kept_id.index) & got.kept_id.str.startswith("st-")]
    pairs = {(names[kept], names[other]) for other, kept in joined.items()}
    assert ("Butler Hospital (TMS Clinic and ECT Program)", "Butler Hospital") in pairs
    assert ("Lindner Center of HOPE", "Lindner Center of HOPE") in pairs
    assert ("Sheppard Pratt Towson Campus (ECT and TMS)", "Retreat at Sheppard Pratt") in pairs
    assert 20 <= len(pairs) <= 40
    assert len(got.services) >= 0.98 * (len(starter.services) + len(real.services))
    assert len(got.clinics) == len(starter.clinics) + 444 - (got.kept_id != got.kept_id.index).sum()
