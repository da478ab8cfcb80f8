"""The national pack holds everybody, and is whole or not there."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from access.errors import SourceError
from access.places.national_pack import build_clinics, build_national
from access.places.pack import Pack, load_pack
from access.places.source_files import SourceFiles
from access.places.survey import Survey
from access.sources.census.centers import PEOPLE_2020
from access.sources.census.survey import TABLES
from access.vocabulary import STATES
from tests.serving import at_work
from tests.test_samhsa import COLUMNS, MEANINGS, facility, workbook
from tests.test_survey import summary_file

TRACTS = "www2.census.gov/geo/docs/reference/cenpop2020/tract/CenPop2020_Mean_TR.txt"
SAMHSA = "www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx"


@pytest.fixture
def tract_pack(national_pack_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    monkeypatch.setenv("TRD_ACCESS_DATA", str(national_pack_folder.parent))
    return load_pack(national_pack_folder.name)


@pytest.fixture
def own_mirror(shared: Path, tmp_path: Path) -> Path:
    """A mirror whose files are links to the real ones, to be changed one by one."""
    real, own = shared / "mirror", tmp_path / "mirror"
    for path in real.rglob("*.*"):
        if path.is_file():
            (own / path.relative_to(real)).parent.mkdir(parents=True, exist_ok=True)
            (own / path.relative_to(real)).symlink_to(path)
    return own


def replace(mirror: Path, place: str, content: bytes) -> None:
    (mirror / place).unlink()
    (mirror / place).write_bytes(content)


def test_block_groups_hold_everybody_of_2020(shared: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int | None]] = []
    folder = tmp_path / "us-2020"
    mirror = shared / "mirror"
    built = build_national(mirror=mirror, folder=folder, progress=lambda *step: steps.append(step))
    people = built.people
    assert (built.name, built.manifest.origin_unit) == ("us-2020", "block_group")
    assert len(people) == 242_335 - 1_393
    assert people["population"].sum() == PEOPLE_2020
    assert people["population"].min() == 1
    assert set(people["geoid"].str.len()) == {12}
    assert (people["geoid"].str[:5] == people["county"]).all()
    assert steps[-1] == ("Building us-2020", 3, 3)
    assert sorted(path.name for path in folder.iterdir()) == [
        "clinics.parquet", "conflicts.csv", "history.parquet", "joins.csv", "listed_services.parquet",
        "listings.parquet", "located.parquet", "manifest.json", "people.parquet", "possible.csv", "services.parquet",
    ]  # fmt: skip


def test_tracts_hold_everybody_of_2020(tract_pack: Pack) -> None:
    people = tract_pack.people
    assert len(people) == 85_395 - 614
    assert people["population"].sum() == PEOPLE_2020
    assert set(people["state"]) == set(STATES)
    assert people.loc[people["state"] == "PR", "population"].sum() == 3_285_874  # the 2020 count of Puerto Rico
    assert people["adults"].isna().all()


def test_connecticut_stands_in_its_old_counties_and_is_coded(tract_pack: Pack) -> None:
    connecticut = tract_pack.people[tract_pack.people["state"] == "CT"]
    assert sorted(set(connecticut["county"])) == [f"090{n:02d}" for n in range(1, 16, 2)]
    assert connecticut["population"].sum() == 3_605_944
    assert set(connecticut["rurality_scheme"]) == {"RUCA 2020"}


def test_nobody_is_called_rural_for_want_of_a_code(tract_pack: Pack) -> None:
    people = tract_pack.people
    uncoded = people[people["rurality_scheme"] == "none"]
    assert set(uncoded["rurality"]) <= {"not_coded"}
    by_level = people.groupby("rurality")["population"].sum()
    assert by_level.sum() == PEOPLE_2020
    assert by_level["urban"] > by_level["large_town"] > by_level["small_town"] > by_level["rural"] > 0


def test_both_lists_of_clinics_are_in_it_once(tract_pack: Pack) -> None:
    starter = load_pack("starter")
    clinics, services = tract_pack.clinics, tract_pack.services
    assert set(services["clinic_id"]) == set(clinics["clinic_id"])
    assert len(starter.clinics) < len(clinics) < len(starter.clinics) + 444
    assert clinics["clinic_id"].str.startswith("samhsa-").sum() > 380
    directory = services[services["source"] == "SAMHSA 2024"]
    # a site with several programmes keeps one row for each treatment
    assert 0.97 * 578 < len(directory) <= 578
    assert services[services["source"] != "SAMHSA 2024"].groupby("treatment").size().to_dict() == (
        starter.services.groupby("treatment").size().to_dict()
    )


def test_the_manifest_holds_the_hash_size_and_rows_of_every_file(tract_pack: Pack, shared: Path) -> None:
    from_web = [source for source in tract_pack.manifest.sources if source.url.startswith("https://")]
    assert [source.rows for source in from_web] == [85_395, 3_221, 85_395, 3_233, 8_319]
    for source in from_web:
        content = (shared / "mirror" / source.url.removeprefix("https://")).read_bytes()
        assert (source.sha256, source.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
        assert source.licence
        assert source.vintage
    assert "the 614 where nobody lives are left out" in tract_pack.manifest.notes[0]
    assert any("mirror" in note for note in tract_pack.manifest.notes)


def test_a_file_that_lost_its_last_rows_leaves_the_old_pack_untouched(own_mirror: Path, tmp_path: Path) -> None:
    whole = (own_mirror / TRACTS).read_bytes()
    replace(own_mirror, TRACTS, b"".join(whole.splitlines(keepends=True)[:-2]))
    folder = tmp_path / "us-2020-tract"
    folder.mkdir()
    (folder / "manifest.json").write_text("the old pack")
    with pytest.raises(SourceError, match=r"tracts of county 72153 have .* but the county file says 34,172"):
        build_national(origin="tract", mirror=own_mirror, folder=folder)
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]
    assert (folder / "manifest.json").read_text() == "the old pack"


def test_a_file_that_a_mirror_lacks_is_named(own_mirror: Path, tmp_path: Path) -> None:
    (own_mirror / SAMHSA).unlink()
    with pytest.raises(SourceError, match="has no copy of https://www"):
        build_national(origin="tract", mirror=own_mirror, folder=tmp_path / "us-2020-tract")


def test_a_facility_that_cannot_be_placed_is_left_out_by_name(tmp_path: Path) -> None:
    path = tmp_path / SAMHSA
    path.parent.mkdir(parents=True)
    rows = [facility("OP * ECT"), facility("OP * TMS", name1="Lost Clinic", city="Nowhereville", zip="00000")]
    reference = [["service_code", "service_name"], *map(list, MEANINGS.items())]
    workbook(path, {"Facilities List": [COLUMNS, *rows], "Service Code Reference": reference})
    files = SourceFiles(tmp_path / "cache", str(tmp_path), None, refresh=False)
    made, notes = build_clinics(files, tmp_path / "no-pack", "2026-11-29")
    told = "Merging: left out, since neither ZIP nor town places them (1): Lost Clinic (Nowhereville, MT)."
    assert told in notes
    services = made.assembled.merged.services
    from_directory = services[services["source"] == "SAMHSA 2024"]
    assert from_directory["treatment"].tolist() == ["ect"]


def test_a_pack_is_built_with_shares_and_holds_everybody(own_mirror: Path, tmp_path: Path) -> None:
    base = own_mirror / "www2.census.gov/programs-surveys/acs/summary_file/2024/table-based-SF/data/5YRData"
    rows = {"1400000US01001020100": {}, "1400000US09140350400": {}, "1500000US010010201001": {}}
    for table in TABLES:
        summary_file(base, table, rows)
    summary_file(base, "B21001", {geo: {"E002": "250"} for geo in rows})
    built = build_national(origin="tract", survey=Survey(2024), mirror=own_mirror, folder=tmp_path / "us-2020-tract")
    people = built.people.set_index("geoid")
    assert people["population"].sum() == PEOPLE_2020
    assert people["share_veterans"].dropna().to_dict() == {"01001020100": 0.25, "09009350400": 0.25}
    assert people["is_tract_veterans"].dropna().tolist() == [False, False]
    assert [record.rows for record in built.manifest.sources if "Survey" in record.name] == [2] * len(TABLES)
    unknown = PEOPLE_2020 - people.loc[people["share_veterans"].notna(), "population"].sum()
    assert any(f"not known where {unknown:,} people live" in note for note in built.manifest.notes)


def test_what_forhp_calls_rural_is_told_as_far_as_it_can_be(tract_pack: Pack) -> None:
    people = tract_pack.people
    rural = people["is_forhp_rural"]
    assert rural[people["rurality"].isin(["large_town", "small_town", "rural"])].all()
    assert rural[people["rurality"] == "urban"].fillna(False).mean() < 0.1
    assert any(note.startswith("FORHP rural is judged") for note in tract_pack.manifest.notes)


@dataclass
class Counted:
    base: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def http_mirror(shared: Path) -> Iterator[Counted]:
    counted = Counted("")

    class Handler(SimpleHTTPRequestHandler):
        def log_request(self, *_: object) -> None:
            counted.asked.append(self.path)

    handler = partial(Handler, directory=str(shared / "mirror"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    counted.base = f"http://127.0.0.1:{server.server_port}"
    with at_work(server):
        yield counted


def test_over_http_the_pack_is_the_same_and_a_second_build_asks_for_nothing(
    http_mirror: Counted, tract_pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_ACCESS_DATA", str(tmp_path))
    for _ in range(2):
        built = build_national(origin="tract", mirror=http_mirror.base)
    assert len(http_mirror.asked) == 5
    assert built.name == "us-2020-tract"
    pd.testing.assert_frame_equal(load_pack("us-2020-tract").people, tract_pack.people)
    pd.testing.assert_frame_equal(built.services, tract_pack.services)
