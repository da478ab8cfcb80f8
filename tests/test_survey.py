"""A survey joined to a pack: by API, by files and by mirror the same; the manifest says what was read, and no key."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest
from pydantic import SecretStr

from access.cli import main
from access.errors import PackError, PlaceError, SourceError
from access.places.pack import Manifest, Pack, load_pack, pack_folder, save_pack
from access.places.shares import shares_in
from access.places.source_files import SourceFiles
from access.places.survey import Survey, add_shares, with_survey
from access.sources.census.survey import TABLES, cells_of
from access.sources.census.survey_api import request_addresses
from access.vocabulary import SHARES
from tests.test_acs import KEY, Census, census_server, reply_to
from tests.test_shares import CROSSWALK, block_people

API = Survey(2024, SecretStr(KEY))
GEOIDS = ["300310001001", "560310001001"]  # the one place of each state that the server of test_acs has


@pytest.fixture
def census(monkeypatch: pytest.MonkeyPatch) -> Iterator[Census]:
    with census_server(monkeypatch) as held:
        yield held


@pytest.fixture
def mine() -> Pack:
    """A pack of five block groups, with a list of conflicts beside it."""
    starter = load_pack("starter")
    people = block_people().assign(geoid=[GEOIDS[0], "300310001002", "300310002001", GEOIDS[1], "560310001002"])
    manifest = Manifest(
        name="mine", title="Mine", origin_unit="block_group", built_on="2026-01-01", code_version="0", notes=["Ours."]
    )
    pack = Pack(people.assign(adults=np.nan), starter.clinics, starter.services, manifest)
    save_pack(pack, pack_folder("mine"), beside={"conflicts.csv": b"a,b\n"})
    return pack


def mirror_of_api(folder: Path, states: list[str], levels: tuple[str, ...] = ("block_group",)) -> Path:
    for table in TABLES:
        for state in states:
            for level in levels:
                for url in request_addresses(table, year=2024, state=state, level=level):
                    place = folder / url.removeprefix("https://")
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(reply_to(url))
    return folder


def summary_file(folder: Path, table: str, rows: dict[str, dict[str, str]]) -> Path:
    """A file of that table with these rows; a cell that is not told is 0, its margin 5, and all there are 1,000."""
    path = folder / f"acsdt5y2024-{table.lower()}.dat"
    columns = [f"{kind}{cell}" for cell in cells_of(table) for kind in "EM"]
    usual = {column: "5" if column[0] == "M" else "1000" if column == "E001" else "0" for column in columns}
    lines = ["|".join(["GEO_ID", *(f"{table}_{column}" for column in columns)])]
    lines += ["|".join([geo, *({**usual, **row}[column] for column in columns)]) for geo, row in rows.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def test_by_the_api_a_pack_gets_every_share(census: Census, mine: Pack) -> None:
    made = add_shares("mine", API)
    people = load_pack("mine").people.set_index("geoid")
    pd.testing.assert_frame_equal(made.people.set_index("geoid"), people)
    assert people["population"].tolist() == mine.people["population"].tolist()
    assert shares_in(people) == list(SHARES)
    # Cell n of 1,000 is n: uninsured 17 + 33 + 50 + 66, no vehicle 3 + 10; adults 1000 - (3..6) - (27..30).
    here = people.loc[GEOIDS[0]]
    assert here[["share_poverty", "share_uninsured", "share_no_vehicle", "share_hispanic"]].tolist() == pytest.approx(
        [0.002, 0.166, 0.013, 0.012]
    )
    assert (here["adults"], here["median_income_usd"]) == (1000 - 18 - 114, 1000)
    # sqrt(4 x 5^2 - 0.166^2 5^2) / 1000
    assert here["moe_uninsured"] == pytest.approx((100 - 0.166**2 * 25) ** 0.5 / 1000)
    assert people.loc["300310002001", ["share_poverty", "adults"]].isna().all()
    assert (pack_folder("mine") / "conflicts.csv").read_bytes() == b"a,b\n"


def test_the_manifest_tells_the_tables_and_not_the_key(census: Census, mine: Pack) -> None:
    manifest = add_shares("mine", API).manifest
    assert manifest.sources[0].name == "American Community Survey, table B17021, 2 replies of the API"
    assert len(manifest.sources) == len(TABLES)
    assert {record.vintage for record in manifest.sources} == {"2020-2024"}
    assert manifest.notes[0] == "Ours."
    assert "American Community Survey 2020-2024" in manifest.notes[1]
    assert any("not known where 450 people live, who are counted apart: poverty, " in note for note in manifest.notes)
    files = [path for path in pack_folder("mine").parent.rglob("*") if path.is_file()]
    assert all(KEY.encode() not in path.read_bytes() and KEY not in str(path) for path in files)
    assert KEY not in repr(API)
    again = add_shares("mine", API).manifest
    assert (again.sources, again.notes) == (manifest.sources, manifest.notes)


def test_a_mirror_holds_replies_under_their_address_without_the_key(mine: Pack, tmp_path: Path) -> None:
    mirror = mirror_of_api(tmp_path / "mirror", ["30", "56"])
    found = add_shares("mine", API, mirror=mirror).people.set_index("geoid")
    assert found.loc[GEOIDS, "share_veterans"].tolist() == [0.002, 0.002]
    with pytest.raises(SourceError, match="has no copy of https://api"):
        add_shares("mine", Survey(2023, SecretStr("any")), mirror=mirror)


def test_one_state_is_added_and_the_other_keeps_what_it_has(census: Census, mine: Pack, tmp_path: Path) -> None:
    add_shares("mine", API)
    table = summary_file(tmp_path, "B21001", {f"1500000US{GEOIDS[0]}": {"E002": "250"}})
    people = add_shares("mine", Survey(2024, tables=[table]), state="montana").people.set_index("geoid")
    assert people.loc[GEOIDS, "share_veterans"].tolist() == [0.25, 0.002]
    assert people.loc[GEOIDS, "share_poverty"].tolist() == [0.002, 0.002], "a table that was not given"
    for wrong in ("ZZ", "OH"):
        with pytest.raises(PlaceError, match=f"nobody in a state '{wrong}'"):
            add_shares("mine", API, state=wrong)


def test_without_a_key_the_files_are_read_from_their_addresses_or_a_mirror(mine: Pack, tmp_path: Path) -> None:
    base = tmp_path / "www2.census.gov/programs-surveys/acs/summary_file/2024/table-based-SF/data/5YRData"
    rows = {f"1500000US{geoid}": {} for geoid in GEOIDS}
    for table in TABLES:
        summary_file(base, table, rows)
    summary_file(base, "B28002", {"1400000US30031000100": {"E013": "100"}})  # no block groups, and one state
    made = add_shares("mine", Survey(2024), mirror=tmp_path)
    people = made.people
    assert people["share_no_internet"].tolist()[:2] == [0.1, 0.1]
    assert people["is_tract_no_internet"].tolist()[:2] == [True, True]
    assert people["share_no_internet"].isna().tolist()[2:] == [True] * 3
    urls = {urlsplit(record.url).path.rpartition("/")[2] for record in made.manifest.sources}
    assert urls == {f"acsdt5y2024-{table.lower()}.dat" for table in TABLES}
    assert "Shares: those of a tract stand for its block groups where these have none: no_internet." in (
        made.manifest.notes
    )


def test_a_table_whose_block_groups_are_null_is_asked_by_tract(
    census: Census, mine: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.test_acs.reply_to",
        lambda path: reply_to(path).replace(b'"1000"', b"null") if "block" in path else reply_to(path),
    )
    people = add_shares("mine", API, state="MT").people
    assert people["share_poverty"].tolist()[:2] == [0.002, 0.002]
    assert people["is_tract_poverty"].tolist()[:2] == [True, True]


def connecticut(geoid: str) -> pd.DataFrame:
    return block_people().head(1).assign(geoid=geoid, state="CT", county=geoid[:5])


def test_connecticut_is_joined_by_its_crosswalk_or_said_to_be_unknown(tmp_path: Path) -> None:
    table = summary_file(tmp_path, "B17021", {"1500000US091403504001": {"E002": "100"}})
    crosswalk = tmp_path / "ct.csv"
    crosswalk.write_text(f"{CROSSWALK}\n09009350400,09140350400{',x' * 13}\n")
    files = SourceFiles(tmp_path / "cache", str(tmp_path), None, refresh=False)
    survey = Survey(2024, tables=[table], connecticut=crosswalk)
    people, notes = with_survey(connecticut("090093504001"), "block_group", survey, files)
    assert people["share_poverty"].tolist() == [0.1]
    assert "Shares: Connecticut's planning regions are joined by tract." in notes
    people, notes = with_survey(connecticut("090093504001"), "block_group", Survey(2024, tables=[table]), files)
    assert people["share_poverty"].isna().all()
    assert any("Connecticut's are not known" in note and "--connecticut" in note for note in notes)


def test_connecticut_is_joined_by_ruca_where_it_can_be_had(tmp_path: Path, shared: Path) -> None:
    table = summary_file(tmp_path, "B17021", {"1500000US091403504001": {"E002": "100"}})
    files = SourceFiles(tmp_path / "cache", str(shared / "mirror"), None, refresh=False)
    people, _ = with_survey(connecticut("090093504001"), "block_group", Survey(2024, tables=[table]), files)
    assert people["share_poverty"].tolist() == [0.1]


def test_modelled_people_and_older_surveys_are_refused(mine: Pack) -> None:
    with pytest.raises(PackError, match="not by block group or tract"):
        add_shares("starter", API)
    with pytest.raises(SourceError, match="2020 or a later year"):
        add_shares("mine", Survey(2019))


def test_the_terminal_adds_shares_and_says_what_is_not_known(
    census: Census, mine: Pack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["trd-access", "data", "shares", "--year", "2024", "--pack", "mine", "--census-key", KEY]
    monkeypatch.setattr("sys.argv", asked)
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert end.value.code == 0
    assert said.out.startswith("mine: poverty, uninsured, ")
    assert "- Shares: not known where 450 people live" in said.out
    assert KEY not in said.out + said.err
    census.body = b"<html>Missing Key</html>"
    monkeypatch.setattr("sys.argv", [*asked, "--refresh"])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (1, "")
    assert "did not accept the key" in said.err
    assert "Traceback" not in said.err
