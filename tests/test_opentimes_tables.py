"""OpenTimes' tables are read as far as they are asked for, in parts and row groups, and refused where damaged."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from access.errors import SourceError
from access.sources.opentimes import STATES, TractTimes, fetch_state_tables, read_times
from tests.answering import Request, answering
from tests.opentimes_files import place_of_table, publish, table_of

BANGOR, ORONO, CALAIS, KEENE = "23019000100", "23019006000", "23029955100", "33005970100"
TIMES = {
    (BANGOR, BANGOR): 0,
    (BANGOR, ORONO): 720.5,
    (BANGOR, CALAIS): 6_300,
    (BANGOR, KEENE): 15_000,
    (ORONO, BANGOR): 745,
    (ORONO, ORONO): 0,
    (CALAIS, BANGOR): 6_290,
    (CALAIS, CALAIS): 0,
}


def read(path: Path, origins: list[str], destinations: list[str], **how: object) -> TractTimes:
    asked = {"origins": pd.Index(origins), "destinations": pd.Index(destinations), "max_seconds": 1e9, **how}
    return read_times([path], **asked)  # type: ignore[arg-type]


def pairs(times: TractTimes, origins: list[str], destinations: list[str]) -> dict[tuple[str, str], float]:
    found = zip(times.origin.tolist(), times.destination.tolist(), times.seconds.tolist(), strict=True)
    return {(origins[i], destinations[j]): seconds for i, j, seconds in found}


@pytest.mark.parametrize("rows_a_group", [1, 2, 3, 100])
def test_only_the_pairs_asked_for_are_read(tmp_path: Path, rows_a_group: int) -> None:
    path = publish(tmp_path, "23", TIMES, rows_a_group=rows_a_group)
    origins, destinations = [CALAIS, BANGOR], [ORONO, BANGOR, CALAIS]
    found = read(path, origins, destinations)
    assert pairs(found, origins, destinations) == {
        (BANGOR, ORONO): 720.5,
        (BANGOR, CALAIS): 6_300,
        (CALAIS, BANGOR): 6_290,
    }


def test_a_tract_to_itself_is_left_out(tmp_path: Path) -> None:
    found = read(publish(tmp_path, "23", TIMES), [BANGOR], [BANGOR])
    assert len(found.seconds) == 0
    assert (found.has_origin.all(), found.has_destination.all()) == (True, True)


def test_the_longest_drive_is_still_in_and_a_longer_one_is_not(tmp_path: Path) -> None:
    path = publish(tmp_path, "23", TIMES)
    assert len(read(path, [BANGOR], [CALAIS], max_seconds=6_300).seconds) == 1
    assert len(read(path, [BANGOR], [CALAIS], max_seconds=6_299).seconds) == 0


def test_it_tells_tracts_that_the_table_does_not_know_from_those_without_a_route(tmp_path: Path) -> None:
    path = publish(tmp_path, "23", TIMES)
    found = read(path, [BANGOR, "23019999900", CALAIS], [KEENE, "50001000100"])
    assert found.has_origin.tolist() == [True, False, True]
    assert found.has_destination.tolist() == [True, False]


def test_a_number_may_mean_another_tract(tmp_path: Path) -> None:
    path = publish(tmp_path, "09", {("09140350400", "09190350500"): 300, ("09140350400", "36001000100"): 400})
    names = {"09140350400": "09009350400", "09190350500": "09001350500"}
    origins, destinations = ["09009350400"], ["36001000100", "09001350500"]
    found = read(path, origins, destinations, names=names)
    assert pairs(found, origins, destinations) == {
        ("09009350400", "09001350500"): 300,
        ("09009350400", "36001000100"): 400,
    }


def test_text_in_any_of_arrow_s_forms_and_no_statistics_are_read_alike(tmp_path: Path) -> None:
    plain = table_of(TIMES).drop_columns("chunk_id")
    for number, kind in enumerate((pa.large_string(), pa.dictionary(pa.int32(), pa.string()))):
        schema = pa.schema([("origin_id", kind), ("destination_id", kind), ("duration_sec", pa.float32())])
        path = tmp_path / f"{number}.parquet"
        pq.write_table(plain.cast(schema), path, write_statistics=False, use_dictionary=False)
        assert read(path, [BANGOR], [ORONO]).seconds.tolist() == [720.5]


def test_a_null_is_no_route(tmp_path: Path) -> None:
    path = tmp_path / "nulls.parquet"
    pq.write_table(pa.table({"origin_id": [BANGOR], "destination_id": [ORONO], "duration_sec": [None]}), path)
    assert len(read(path, [BANGOR], [ORONO]).seconds) == 0


def test_one_pair_that_comes_twice_is_one_and_with_two_times_is_refused(tmp_path: Path) -> None:
    rows = {"origin_id": [BANGOR] * 2, "destination_id": [ORONO] * 2}
    pq.write_table(pa.table({**rows, "duration_sec": [720.0, 720.0]}), tmp_path / "same.parquet")
    pq.write_table(pa.table({**rows, "duration_sec": [720.0, 900.0]}), tmp_path / "other.parquet")
    assert read(tmp_path / "same.parquet", [BANGOR], [ORONO]).seconds.tolist() == [720]
    with pytest.raises(SourceError, match=rf"from tract {BANGOR} to another there are two times \(1 such\)"):
        read(tmp_path / "other.parquet", [BANGOR], [ORONO])


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"origin_id": [BANGOR], "destination_id": [ORONO]}, "no duration_sec"),
        ({"origin_id": [23019000100], "destination_id": [ORONO], "duration_sec": [1.0]}, "its tracts are no text"),
        ({"origin_id": ["1001020100"], "destination_id": [ORONO], "duration_sec": [1.0]}, "'1001020100' is no tract"),
        ({"origin_id": ["23019"], "destination_id": ["23029"], "duration_sec": [1.0]}, "'23019' is no tract"),
        ({"origin_id": [BANGOR, None], "destination_id": [ORONO] * 2, "duration_sec": [1.0] * 2}, "1 rows name no"),
        ({"origin_id": [BANGOR], "destination_id": [ORONO], "duration_sec": [-1.0]}, "a drive takes -1 seconds"),
        ({"origin_id": [BANGOR], "destination_id": [ORONO], "duration_sec": ["9"]}, "durations are no numbers"),
    ],
)
def test_a_damaged_table_is_refused_in_words(tmp_path: Path, columns: dict[str, list[object]], said: str) -> None:
    path = tmp_path / "damaged.parquet"
    pq.write_table(pa.table(columns), path)
    with pytest.raises(SourceError, match=said):
        read(path, [BANGOR], [ORONO])


def test_half_a_table_is_refused_in_words(tmp_path: Path) -> None:
    path = publish(tmp_path, "23", TIMES)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match="cannot be read as a table of OpenTimes"):
        read(path, [BANGOR], [ORONO])


def test_a_table_with_damage_inside_is_refused_in_words(tmp_path: Path) -> None:
    path = publish(tmp_path, "23", TIMES, rows_a_group=100)
    whole = bytearray(path.read_bytes())
    whole[4:40] = b"\xff" * 36
    path.write_bytes(bytes(whole))
    with pytest.raises(SourceError, match="cannot be read as a table of OpenTimes"):
        read(path, [BANGOR], [ORONO])


def test_a_state_of_several_parts_is_had_whole(tmp_path: Path) -> None:
    sizes = [publish(tmp_path, "23", {(BANGOR, ORONO): 720}, part=part).stat().st_size for part in (0, 1)]
    for full, names in ((sizes[0], ["0.parquet", "1.parquet"]), (sizes[0] + 1, ["0.parquet"])):
        parts = fetch_state_tables("23", cache=tmp_path / "cache", mirror=tmp_path, full_bytes=full)
        assert [part.path.name[-9:] for part in parts] == names


def test_over_http_a_part_that_is_not_there_ends_the_table(tmp_path: Path) -> None:
    for part in (0, 1):
        publish(tmp_path, "23", TIMES, part=part)

    def folder(request: Request) -> tuple[int, bytes]:
        path = tmp_path / request.path.lstrip("/")
        return (200, path.read_bytes()) if path.is_file() else (404, b"")

    with answering() as service:
        service.answer = folder
        parts = fetch_state_tables("23", cache=tmp_path / "cache", mirror=service.base, full_bytes=1)
        assert [part.path.name[-9:] for part in parts] == ["0.parquet", "1.parquet"]
        assert len(service.asked) == 3
        with pytest.raises(SourceError, match="no file at"):
            fetch_state_tables("33", cache=tmp_path / "cache", mirror=service.base, full_bytes=1)
        fetch_state_tables("23", cache=tmp_path / "cache", mirror=service.base)
        assert len(service.asked) == 4  # what is kept is not asked for again
    assert len(read(parts[0].path, [BANGOR], [ORONO]).seconds) == 1


def test_the_tables_are_of_fifty_states_and_the_capital() -> None:
    assert len(STATES) == 51
    assert {"02", "11", "15", "56"} <= STATES


def test_the_version_and_the_year_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, "23", TIMES, year="2020")
    with pytest.raises(SourceError, match=r"/state=23/times-0[.]0[.]1-car-2024-tract-23-0[.]parquet"):
        fetch_state_tables("23", cache=tmp_path / "cache", mirror=tmp_path)
    monkeypatch.setenv("TRD_ACCESS_OPENTIMES_YEAR", "2020")
    (part,) = fetch_state_tables("23", cache=tmp_path / "cache", mirror=tmp_path)
    assert part.path == place_of_table(tmp_path, "23", year="2020")


def test_a_web_page_is_no_table(tmp_path: Path) -> None:
    place_of_table(tmp_path, "23").write_bytes(b"<!doctype html><html>")
    with pytest.raises(SourceError, match="web page instead of data"):
        fetch_state_tables("23", cache=tmp_path / "cache", mirror=tmp_path)


def test_a_random_table_agrees_with_a_plain_loop(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    tracts = [f"23{number:09d}" for number in rng.choice(10_000, 60, replace=False)]
    times = {(a, b): float(rng.integers(1, 9_000)) for a in tracts[:40] for b in tracts if rng.random() < 0.8}
    path = publish(tmp_path, "23", times, rows_a_group=97)
    origins, destinations = tracts[5:50:2], tracts[20:55]
    found = pairs(read(path, origins, destinations, max_seconds=5_000), origins, destinations)
    wanted = {
        (a, b): seconds
        for (a, b), seconds in times.items()
        if a in origins and b in destinations and a != b and seconds <= 5_000
    }
    assert found == wanted
    assert wanted
