"""A refresh gathers every source, keeps what each says, and leaves the last good data where one has a bad day."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from access.errors import PackError, SourceError
from access.places.atomic_writes import lock_folder
from access.places.directory.records import Listings, read_records
from access.places.directory.refresh import SOURCES_TO_ASK, refresh_clinics
from access.places.pack import LIVE, Pack, default_pack_name, load_pack, pack_folder
from access.sources.samhsa import locator as locator_module
from tests.directory_world import Directory, directory, facility
from tests.locator_server import facilities
from tests.test_medicare import row
from tests.test_nppes import organisation, place

MAINE = facility("aaaaa1111111", "ME", 44.80, -68.77, "TMS")
OTHER = facility("bbbbb2222222", "ME", 43.66, -70.26, "ECT")
STREET = f"{0xAAAAA} Main Street"
HOSPITAL: dict[str, object] = {
    "type": "node", "id": 5, "lat": 44.8012, "lon": -68.7701,
    "tags": {"amenity": "hospital", "name": "Facility aaaaa1", "addr:housenumber": str(0xAAAAA),
             "addr:street": "Main Street", "addr:city": f"Town {0xAAA}", "addr:postcode": "02155"},
}  # fmt: skip


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    with directory(monkeypatch, [MAINE, OTHER]) as made:
        made.cms.rows = [
            row("1", "G2083", 14, Rndrng_Prvdr_Ent_Cd="O", Rndrng_Prvdr_Last_Org_Name="FACILITY AAAAA1")
            | {"Rndrng_Prvdr_St1": STREET.upper(), "Rndrng_Prvdr_St2": "", "Rndrng_Prvdr_City": f"TOWN {0xAAA}"}
            | {"Rndrng_Prvdr_Zip5": "02155"}
        ]
        yield made


# The directory is a file, not a service: the test of a mirror has it.
LIVE_ONES = [source for source in SOURCES_TO_ASK if source != "samhsa_directory"]


def listings_of(pack: Pack) -> Listings:
    return read_records(pack_folder(pack.name)).listings


def maine(*sources: str, **more: bool) -> pd.DataFrame:
    """The changes of a refresh of Maine alone."""
    return refresh_clinics(sources=sources, states=["ME"], again=True, **more).changes


def told(changes: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(changes["change"], changes["record_id"], strict=True))


def test_all_sources_make_one_clinic_with_every_word_kept(world: Directory) -> None:
    named = organisation(1000000001, place(STREET.upper(), "ME", "021550000", city=f"TOWN {0xAAA}"))
    named["basic"]["organization_name"] = "FACILITY AAAAA1"
    world.registry.held = [named, organisation(1000000002)]
    world.elements = lambda _question: [HOSPITAL]
    done = refresh_clinics(sources=LIVE_ONES, states=["ME"])
    assert (done.pack.name, done.failures) == (LIVE, {})
    assert default_pack_name() == LIVE
    kept = listings_of(done.pack).clinics
    here = kept[kept["site"].eq("ft-aaaaa1111111")]
    assert here["source"].tolist() == ["samhsa_locator", "medicare", "nppes", "openstreetmap"]
    # The registry's other organisation fits no clinic, so it is not kept.
    assert "npi-1000000002" not in set(kept["clinic_id"])
    clinic = load_pack().clinics.set_index("clinic_id").loc["ft-aaaaa1111111"]
    assert (clinic["latitude"], clinic["longitude"], clinic["location_precision"]) == (44.8012, -68.7701, "rooftop")
    services = load_pack().services.query("clinic_id == 'ft-aaaaa1111111'").set_index("treatment")
    assert services["evidence"].to_dict() == {"tms": "surveyed", "esketamine": "billed"}
    assert services.loc["esketamine", "patients_billed"] == 14


def test_no_clinic_is_without_a_source_and_a_date(world: Directory) -> None:
    pack = refresh_clinics(sources=LIVE_ONES, states=["ME"]).pack
    assert set(pack.clinics["clinic_id"]) == set(pack.services["clinic_id"])
    dated = pack.services["seen_date"].notna() | pack.services["checked_on"].notna()
    from_pages = pack.services["evidence"].eq("seen")
    assert dated[~from_pages].all()
    kept = listings_of(pack).clinics
    assert kept[["source", "first_seen", "last_seen"]].notna().all(axis=None)
    assert set(pack.clinics["clinic_id"]) == set(kept["site"].dropna())


def test_a_nation_of_twelve_thousand_facilities_is_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = facilities()
    expected = {f"ft-{one.frid[:12]}": one.codes | one.words for one in listed if one.codes | one.words}
    with directory(monkeypatch, listed):
        done = refresh_clinics(sources=["samhsa_locator"])
    assert set(told(done.changes)) == {("new", record) for record in expected}
    kept = listings_of(done.pack)
    of_source = kept.of_source("samhsa_locator")
    assert set(of_source.clinics["clinic_id"]) == set(expected)
    assert len(of_source.services) == sum(map(len, expected.values()))
    # No two of them are at one address, so none was taken for another.
    assert of_source.clinics["site"].tolist() == of_source.clinics["clinic_id"].tolist()
    assert len(done.pack.clinics) == 305 + len(expected)


BAD_DAYS = {
    "429": "429",
    "500": "500",
    "truncated": "did not answer as it should",
    "html": "a web page instead of data",
    "renamed": "latitude",
    "short": "did not hold still",
    "huge": "2,147,483,648 bytes",
    "drip": "too slowly",
    "no_filter": "ignored the filter",
    "redirect": "sends us on to",
    "wrong_ids": "asked for ME and answered with MI",
}


@pytest.mark.parametrize(("word", "says"), BAD_DAYS.items())
def test_a_bad_day_leaves_the_source_s_last_records_and_says_so(
    world: Directory, monkeypatch: pytest.MonkeyPatch, word: str, says: str
) -> None:
    before = refresh_clinics(sources=["samhsa_locator"], states=["ME"]).pack
    world.locator.listed = [*world.locator.listed, facility("ccccc3333333", "MI", 42.3, -83.0, "KIT")]
    world.locator.always = word
    monkeypatch.setattr(locator_module, "DEADLINE_SECONDS", 0.2 if word == "drip" else 60)
    done = refresh_clinics(sources=["samhsa_locator", "medicare"], states=["ME"], again=True)
    assert list(done.failures) == ["samhsa_locator"]
    assert says in done.failures["samhsa_locator"]
    assert "\n" not in done.failures["samhsa_locator"]
    pd.testing.assert_frame_equal(
        listings_of(done.pack).of_source("samhsa_locator").services,
        listings_of(before).of_source("samhsa_locator").services,
    )
    assert told(done.changes)[0][0] == "new"
    assert set(done.changes["source"]) == {"medicare"}
    (note,) = [note for note in load_pack().manifest.notes if note.startswith("SAMHSA FindTreatment.gov: could not")]
    assert says in note


@pytest.mark.parametrize("word", ["shrunk", "duplicated", "short"])
def test_a_nation_whose_pages_do_not_fit_is_read_again_or_left(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    with directory(monkeypatch, facilities()) as made:
        made.locator.mischief = ["good", "good", word]
        assert len(refresh_clinics(sources=["samhsa_locator"]).changes) == 460
        made.locator.always = "duplicated" if word == "shrunk" else word
        before = folder_bytes(pack_folder(LIVE))
        with pytest.raises(SourceError, match="No source could be read, and nothing is changed"):
            refresh_clinics(sources=["samhsa_locator"], again=True)
        assert folder_bytes(pack_folder(LIVE)) == before


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_missing_is_marked_and_comes_back(world: Directory) -> None:
    assert told(maine("samhsa_locator")) == [("new", "ft-aaaaa1111111"), ("new", "ft-bbbbb2222222")]
    world.locator.listed = [MAINE]
    assert told(maine("samhsa_locator")) == [("gone", "ft-bbbbb2222222")]
    services = load_pack().services.query("clinic_id == 'ft-bbbbb2222222'")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", services["missing_since"].item())
    assert maine("samhsa_locator").empty
    world.locator.listed = [MAINE, OTHER]
    assert told(maine("samhsa_locator")) == [("back", "ft-bbbbb2222222")]
    assert load_pack().services.query("clinic_id == 'ft-bbbbb2222222'")["missing_since"].isna().all()
    history = read_records(pack_folder(LIVE)).history
    assert history["change"].tolist() == ["new", "new", "gone", "back"]


def test_a_treatment_that_is_no_longer_given_is_marked_and_told(world: Directory) -> None:
    maine("samhsa_locator")
    world.locator.listed = [facility("aaaaa1111111", "ME", 44.80, -68.77, "ECT"), OTHER]
    changes = maine("samhsa_locator")
    assert changes[["change", "field", "before", "after"]].to_numpy().tolist() == [
        ["changed", "treatments", "tms", "ect"]
    ]
    missing = load_pack().services.query("clinic_id == 'ft-aaaaa1111111'").set_index("treatment")["missing_since"]
    assert missing.notna().to_dict() == {"tms": True, "ect": False}


def test_a_state_that_was_not_asked_for_stays(world: Directory) -> None:
    far = facility("ddddd4444444", "MI", 42.3, -83.0, "KIT")
    world.locator.listed = [MAINE, OTHER, far]
    refresh_clinics(sources=["samhsa_locator"], states=["ME", "MI"])
    world.locator.listed = [MAINE]
    assert told(maine("samhsa_locator")) == [("gone", "ft-bbbbb2222222")]
    kept = listings_of(load_pack()).clinics.set_index("clinic_id")["missing_since"]
    assert kept.notna()[["ft-aaaaa1111111", "ft-bbbbb2222222", "ft-ddddd4444444"]].tolist() == [False, True, False]


def test_a_source_that_lost_more_than_half_is_believed_only_when_told_so(world: Directory) -> None:
    many = [facility(f"{number:05x}{number:07x}", "ME", 44.0 + number / 100, -69.0, "TMS") for number in range(20)]
    world.locator.listed = many
    maine("samhsa_locator")
    world.locator.listed = many[:9]
    with pytest.raises(SourceError, match="no longer has 11 of 20 records, so it is more likely broken"):
        maine("samhsa_locator")
    assert maine("samhsa_locator", accept_loss=True)["change"].tolist() == ["gone"] * 11


def test_a_record_that_nothing_places_still_tells_of_the_site_that_it_fits(world: Directory) -> None:
    # Its ZIP is of Massachusetts and its town unknown; the locator has a point at the same address.
    maine("medicare")
    (left_out,) = [note for note in load_pack().manifest.notes if "left out" in note]
    assert "FACILITY AAAAA1" in left_out
    maine("samhsa_locator")
    assert "esketamine" in set(load_pack().services.query("clinic_id == 'ft-aaaaa1111111'")["treatment"])
    assert not any("left out" in note for note in load_pack().manifest.notes)


def test_the_geocoder_places_what_has_a_street_and_no_point(world: Directory) -> None:
    world.cms.rows = [world.cms.rows[0] | {"Rndrng_Prvdr_City": "BANGOR", "Rndrng_Prvdr_Zip5": "04401"}]
    before = maine("medicare")
    record = before["record_id"].item()
    assert load_pack().clinics.set_index("clinic_id").loc[record, "location_precision"] == "zip"
    refresh_clinics(sources=["geocoder"], states=["ME"])
    placed = load_pack().clinics.set_index("clinic_id").loc[record]
    assert (placed["latitude"], placed["longitude"], placed["location_precision"]) == (44.31, -69.78, "street")
    assert STREET.upper().encode() in b"".join(world.geocoded)
    # What is found is not asked for again.
    asked = len(world.geocoded)
    refresh_clinics(sources=["geocoder"], states=["ME"])
    assert len(world.geocoded) == asked


def test_from_a_mirror_the_posted_services_say_that_they_cannot_be_read(shared: Path) -> None:
    done = refresh_clinics(
        sources=["samhsa_directory", "openstreetmap", "geocoder"], states=["ME"], mirror=str(shared / "mirror")
    )
    assert list(done.failures) == ["openstreetmap", "geocoder"]
    # Acadia, Mid Coast and St Mary's give ECT, by SAMHSA's 2024 directory.
    directory_says = done.pack.services[done.pack.services["source"].eq("SAMHSA 2024")]
    assert directory_says["treatment"].value_counts()["ect"] == 3


def test_the_starter_pack_is_never_overwritten(world: Directory) -> None:
    with pytest.raises(PackError, match="not overwritten"):
        refresh_clinics("starter", into="starter", sources=["samhsa_locator"])
    made = refresh_clinics("starter", into="mine", sources=["samhsa_locator"], states=["ME"]).pack
    assert (made.name, len(made.people)) == ("mine", len(load_pack("starter").people))


def test_a_source_that_is_none_is_named() -> None:
    with pytest.raises(SourceError, match=f"no source 'yelp' to ask; there are {', '.join(SOURCES_TO_ASK)}"):
        refresh_clinics(sources=["yelp"])


def test_while_one_command_changes_a_pack_another_may_not(world: Directory) -> None:
    maine("samhsa_locator")
    with lock_folder(pack_folder(LIVE)), pytest.raises(PackError, match="is being changed by another command"):
        maine("samhsa_locator")
    assert maine("samhsa_locator").empty


def test_a_pack_of_before_there_were_listings_is_refreshed_and_keeps_its_ids(world: Directory) -> None:
    pack = refresh_clinics(sources=["samhsa_locator"], states=["ME"]).pack
    for name in ("listings", "listed_services", "history", "located"):
        (pack_folder(pack.name) / f"{name}.parquet").unlink()
    assert maine("samhsa_locator").empty
    assert load_pack().clinics["clinic_id"].tolist() == pack.clinics["clinic_id"].tolist()


def test_damaged_records_are_named_and_nothing_is_changed(world: Directory) -> None:
    maine("samhsa_locator")
    (pack_folder(LIVE) / "listings.parquet").write_bytes(b"PAR1 no more")
    before = folder_bytes(pack_folder(LIVE))
    with pytest.raises(PackError, match=r"listings.parquet is damaged"):
        maine("samhsa_locator")
    assert folder_bytes(pack_folder(LIVE)) == before


def test_progress_is_told(world: Directory) -> None:
    steps: list[str] = []
    refresh: Callable[..., object] = refresh_clinics
    refresh(sources=["samhsa_locator"], states=["ME"], progress=lambda what, _done, _whole: steps.append(what))
    assert any("Maine" in step for step in steps)
