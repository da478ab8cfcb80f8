"""Shares of the American Community Survey: by pencil, from bytes in the published layouts, against a local server."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest

from access.errors import SourceError
from access.settings import settings
from access.sources.census.survey import (
    SHARES,
    TABLES,
    cells_of,
    margin_of_share,
    numbers_of,
    shares_of,
    sum_with_margin,
)
from access.sources.census.survey_api import read_reply, request_addresses
from access.sources.census.survey_files import read_table_file, table_in
from access.sources.fetching.download import fetch_with_key
from tests.serving import at_work

KEY = "0123456789secret"


def cells(geoid: str, **numbers: float) -> pd.DataFrame:
    return pd.DataFrame([{"geoid": geoid, **numbers}])


def test_a_sum_s_margin_is_the_root_of_squares_and_zeros_count_once() -> None:
    table = cells("x", E003=40, M003=12, E010=9, M010=5, E011=0, M011=11, E012=0, M012=13)
    total, margin = sum_with_margin(table, ["003", "010"])
    assert (total[0], margin[0]) == (49, 13)  # 12^2 + 5^2 = 13^2
    total, margin = sum_with_margin(table, ["003", "010", "011", "012"])
    assert (total[0], margin[0]) == (49, pytest.approx((144 + 25 + 169) ** 0.5))
    unknown = table.assign(M010=np.nan)
    assert sum_with_margin(unknown, ["003", "010"])[1].isna().all()


def test_a_share_s_margin_by_the_handbook_and_with_plus_where_the_root_would_fail() -> None:
    def margin(part: float, part_moe: float, whole: float, whole_moe: float) -> float:
        return float(margin_of_share(*(pd.Series([float(one)]) for one in (part, part_moe, whole, whole_moe)))[0])

    # p = 1/4: sqrt(50^2 - (1/4)^2 120^2) / 400 = sqrt(2500 - 900) / 400 = 40 / 400.
    assert margin(100, 50, 400, 120) == pytest.approx(0.1)
    # p = 1/2: 30^2 < (1/2)^2 80^2, so sqrt(900 + 1600) / 100.
    assert margin(50, 30, 100, 80) == pytest.approx(0.5)
    assert margin(0, 12, 100, 80) == pytest.approx(0.12)


def test_codes_are_missing_and_never_numbers() -> None:
    codes = ["-666666666", "-999999999", "-888888888", "-222222222", "-333333333", "-555555555", "", None, "7"]
    found = numbers_of(pd.DataFrame({"E001": codes, "M001": codes}), where="here")
    assert found["E001"].tolist()[-1] == found["M001"].tolist()[-1] == 7
    assert found["E001"].isna().sum() == 8
    assert found["M001"][5] == 0, "the margin of an estimate that is set to a count"
    assert found["M001"].isna().sum() == 7
    for wrong in ("-1", "x", "1,000"):
        with pytest.raises(SourceError, match=f"here: E001 is '{wrong}'"):
            numbers_of(pd.DataFrame({"E001": ["1", wrong]}), where="here")


def test_shares_and_adults_by_pencil() -> None:
    children = {f"{kind}{cell}": 10.0 for cell in cells_of("B01001")[1:] for kind in "EM"}
    found = shares_of(
        {
            "B17021": cells("300310001001", E001=400, M001=120, E002=100, M002=50),
            "B25044": cells("300310001001", E001=200, M001=0, E003=40, M003=12, E010=10, M010=5),
            "B01001": cells("300310001001", E001=500, M001=30, **children),
            "B19013": cells("300310001001", E001=61_250, M001=9_000),
        }
    )
    assert found.columns.tolist() == [
        "geoid", "share_poverty", "moe_poverty", "share_no_vehicle", "moe_no_vehicle", "adults", "moe_adults",
        "median_income_usd",
    ]  # fmt: skip
    row = found.iloc[0]
    assert (row["share_poverty"], row["moe_poverty"]) == (0.25, pytest.approx(0.1))
    assert (row["share_no_vehicle"], row["moe_no_vehicle"]) == (0.25, pytest.approx(13 / 200))
    assert (row["adults"], row["moe_adults"]) == (420, pytest.approx((900 + 8 * 100) ** 0.5))
    assert row["median_income_usd"] == 61_250


def test_a_place_of_nobody_has_no_share_and_a_part_above_its_whole_is_refused() -> None:
    nobody = shares_of({"B21001": cells("300310001001", E001=0, M001=12, E002=0, M002=12)})
    assert nobody[["share_veterans", "moe_veterans"]].isna().all(axis=None)
    with pytest.raises(SourceError, match="veterans has 3 of 2"):
        shares_of({"B21001": cells("300310001001", E001=2, M001=1, E002=3, M002=1)})


def test_tracts_stand_only_for_a_table_without_block_groups() -> None:
    both = [
        cells("300310001001", E001=10, M001=1, E002=1, M002=1),
        cells("30031000100", E001=20, M001=1, E002=4, M002=1),
    ]
    none = [cells("300310001001", E001=np.nan, M001=np.nan, E013=np.nan, M013=np.nan)]
    tract = [cells("30031000100", E001=50, M001=5, E013=5, M013=3)]
    found = shares_of({"B21001": pd.concat(both), "B28002": pd.concat(none + tract)}).set_index("geoid")
    assert found["share_veterans"].dropna().to_dict() == {"300310001001": 0.1}
    assert found["share_no_internet"].dropna().to_dict() == {"30031000100": 0.1}


def test_every_share_has_a_table_whose_cells_are_known() -> None:
    assert {part.table for part in SHARES.values()} <= set(TABLES)
    assert cells_of("B27010") == ["001", "017", "033", "050", "066"]
    with pytest.raises(SourceError, match="Nothing is read of table B17001"):
        cells_of("B17001")


# The table-based summary files.

HEADER = "GEO_ID|B17021_E001|B17021_M001|B17021_E002|B17021_M002|B17021_E003|B17021_M003"


def dat(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "acsdt5y2024-b17021.dat"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_a_summary_file_gives_only_the_wanted_places_and_cells(tmp_path: Path) -> None:
    path = dat(
        tmp_path,
        "0100000US|331000000|-555555555|40000000|90000|1|1",
        "1400000US30031000100|400|120|100|50|1|1",
        "1400000US30031000200|-666666666|-222222222|||1|1",
        "1500000US300310001001|200|60|50|25|1|1",
        "1500000US560010001001|20|6|5|2|1|1",
    )
    assert table_in(path) == "B17021"
    tracts = read_table_file(path, "B17021", levels=["tract"]).set_index("geoid")
    assert tracts.columns.tolist() == ["E001", "M001", "E002", "M002"]
    assert tracts.loc["30031000100"].tolist() == [400, 120, 100, 50]
    assert tracts.loc["30031000200"].isna().all()
    montana = read_table_file(path, "B17021", levels=["block_group", "tract"], states=["30"])
    assert montana["geoid"].tolist() == ["30031000100", "30031000200", "300310001001"]


@pytest.mark.parametrize(
    ("rows", "header", "says"),
    [
        (["1400000US30031000100|1|1|1|1|1|1"] * 2, HEADER, "comes twice"),
        (["1400000US3003100010|1|1|1|1|1|1"], HEADER, "too few digits"),
        (["1400000US30031000100|1|1|x|1|1|1"], HEADER, "E002 is 'x'"),
        (["0400000US30|1|1|1|1|1|1"], HEADER, "none of the places"),
        (["1400000US30031000100|1|1"], "GEO_ID|B17021_E001|B17021_M001", "no column B17021_E002, B17021_M002"),
    ],
)
def test_a_damaged_summary_file_is_one_sentence(tmp_path: Path, rows: list[str], header: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read_table_file(dat(tmp_path, *rows, header=header), "B17021", levels=["tract"])


def test_what_is_no_summary_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no table-based summary file"):
        table_in(dat(tmp_path, header="<html>|x"))
    with pytest.raises(SourceError, match="cannot be read"):
        table_in(tmp_path / "absent.dat")


# The API.


@dataclass
class Census:
    """A server in the place of api.census.gov: what it answers, and what it was asked."""

    base: str = ""
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def census(monkeypatch: pytest.MonkeyPatch) -> Iterator[Census]:
    with census_server(monkeypatch) as held:
        yield held


@contextmanager
def census_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Census]:
    held = Census()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            body = held.body or reply_to(self.path)
            self.send_response(held.status)
            for name, value in held.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if held.status != 204:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with at_work(server) as held.base:
        monkeypatch.setenv("TRD_ACCESS_URL_ACS_API", held.base + "/data/{year}/acs/acs5")
        yield held


def reply_to(path: str) -> bytes:
    """One place of each state asked for, in which cell n is n, of 1,000 in all; a margin is always 5."""
    asked = parse_qs(urlsplit(path).query)
    names = asked["get"][0].split(",")
    where = {"state": asked["in"][0].split(":")[1], "county": "031", "tract": "000100"}
    if asked["for"] == ["block group:*"]:
        where["block group"] = "1"
    values = ["5" if name.endswith("M") else "1000" if "_001" in name else str(int(name[-4:-1])) for name in names]
    return json.dumps([[*names, *where], [*values, *where.values()]]).encode()


def ask_for(tmp_path: Path, table: str = "B17021") -> pd.DataFrame:
    (url, asked_cells), *_ = request_addresses(table, year=2024, state="30", level="block_group").items()
    got = fetch_with_key(url, KEY, cache=tmp_path, attempts=2)
    return read_reply(got.path, table, asked_cells, level="block_group")


def test_the_api_is_asked_as_documented_and_its_reply_is_a_table(census: Census, tmp_path: Path) -> None:
    found = ask_for(tmp_path)
    assert found.to_dict("records") == [{"geoid": "300310001001", "E001": 1000, "M001": 5, "E002": 2, "M002": 5}]
    address = urlsplit(census.asked[0])
    assert address.path == "/data/2024/acs/acs5"
    assert parse_qs(address.query) == {
        "get": ["B17021_001E,B17021_001M,B17021_002E,B17021_002M"],
        "for": ["block group:*"],
        "in": ["state:30", "county:*", "tract:*"],
        "key": [KEY],
    }
    ask_for(tmp_path)
    assert len(census.asked) == 1, "a reply that is kept is not asked for again"


@pytest.mark.parametrize("table", TABLES)
def test_no_question_is_too_long_to_be_a_file_s_name_or_asks_for_too_much(table: str) -> None:
    for level in ("block_group", "tract"):
        asked = request_addresses(table, year=2024, state="30", level=level)
        assert sorted(cell for part in asked.values() for cell in part) == cells_of(table)
        assert all(len(url.rpartition("/")[2]) + len(".part.json") + 12 < 255 for url in asked)
        assert all(2 * len(part) <= 50 for part in asked.values())


def test_the_key_is_in_no_log_error_or_file(
    census: Census, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("TRD_ACCESS_CENSUS_KEY", KEY)
    ask_for(tmp_path)
    census.status = 503
    said = []
    for base in (census.base, "http://127.0.0.1:9"):
        monkeypatch.setenv("TRD_ACCESS_URL_ACS_API", base + "/data/{year}/acs/acs5")
        with pytest.raises(SourceError, match="asked 2 times") as trouble:
            ask_for(tmp_path, "B25044")
        said.append(str(trouble.value))
        assert trouble.value.__cause__ is trouble.value.__context__ is None
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    kept = "".join(f"{path}{path.read_text()}" for path in files)
    assert KEY not in kept + caplog.text + "".join(said) + repr(settings())


def test_a_key_that_is_missing_or_wrong_is_said(census: Census, tmp_path: Path, shared: Path) -> None:
    census.body = (shared / "recorded" / "census_api_missing_key_abridged.html").read_bytes()
    with pytest.raises(SourceError, match="did not accept the key"):
        ask_for(tmp_path)
    census.body, census.headers = b"[]", {"X-DataWebAPI-KeyError": "1"}
    with pytest.raises(SourceError, match="did not accept the key"):
        ask_for(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("status", "says"), [(204, "has no data for"), (404, "has no file"), (400, "refused"), (503, "did not answer")]
)
def test_a_refusal_is_one_sentence(census: Census, tmp_path: Path, status: int, says: str) -> None:
    census.status = status
    with pytest.raises(SourceError, match=says):
        ask_for(tmp_path)


PLACE = ["state", "county", "tract", "block group"]
ASKED = ["B17021_001E", "B17021_001M", "B17021_002E", "B17021_002M"]
HERE = ["30", "031", "000100", "1"]


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ([[*ASKED[:3], *PLACE], ["1", "1", "1", *HERE]], "were asked for"),
        ([[*ASKED, "NAME", *PLACE], ["1", "1", "1", "1", "x", *HERE]], "were asked for"),
        ([[*ASKED, *PLACE]], "has 0 rows"),
        ([[*ASKED, *PLACE], *[["1", "1", "1", "1", *HERE]] * 2], "comes twice"),
        ([[*ASKED, *PLACE], ["1", "1", "1", "1", "30", "31", "000100", "1"]], "lost a digit"),
        ([[*ASKED, *PLACE], ["1", "1"]], "as wide as its header"),
        ({"error": "x"}, "no table of rows"),
    ],
)
def test_a_reply_that_is_not_what_was_asked_for_is_refused(tmp_path: Path, reply: object, says: str) -> None:
    path = tmp_path / "reply"
    path.write_text(json.dumps(reply))
    with pytest.raises(SourceError, match=says):
        read_reply(path, "B17021", ["001", "002"], level="block_group")


def test_null_and_codes_in_a_reply_are_missing_and_what_is_no_json_is_said(tmp_path: Path) -> None:
    path = tmp_path / "reply"
    path.write_text(json.dumps([[*ASKED, *PLACE], [None, "-555555555", "-666666666", "-222222222", *HERE]]))
    row = read_reply(path, "B17021", ["001", "002"], level="block_group").iloc[0]
    assert row[["E001", "E002", "M002"]].isna().all()
    assert row["M001"] == 0
    path.write_text("error: unknown variable 'B17021_099E'")
    with pytest.raises(SourceError, match="no reply of the Census API"):
        read_reply(path, "B17021", ["001", "002"], level="block_group")
