"""Corrections: kept on this machine, bounded, and nothing in them but what was written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from access.errors import AccessError
from access.places.directory.corrections import read_corrections
from access.places.directory.mistake_reports import (
    MOST_BYTES,
    REPORTS_FILE,
    accept_report,
    dismiss_report,
    open_reports,
    save_report,
)
from access.places.gazetteer.lookup import load_gazetteer
from access.places.pack import load_pack
from tests.payloads import PAYLOADS

TODAY = date(2026, 11, 25)


def test_what_was_written_is_kept_with_its_clinic_and_day_and_nothing_else(tmp_path: Path) -> None:
    save_report("st-me-001", "The phone \n is old", TODAY, folder=tmp_path)
    line = '{"clinic_id": "st-me-001", "date": "2026-11-25", "text": "The phone is old", "kind": "other"}\n'
    assert (tmp_path / REPORTS_FILE).read_text() == line
    said = open_reports(folder=tmp_path)
    assert said.index.tolist() == [1]
    assert said.to_numpy().tolist() == [["st-me-001", "2026-11-25", "The phone is old", "other", "", ""]]


def test_a_report_counts_for_nothing_until_it_is_accepted() -> None:
    save_report("st-me-001", "The sign is gone", TODAY, kind="closed", who="Ann")
    save_report("st-me-002", "Called them", TODAY, kind="phone", detail="207-555-0100")
    save_report("st-me-002", "Drove there", TODAY, kind="moved", detail="12 Main St, Bangor, ME 04401")
    before = load_pack("starter").clinics.set_index("clinic_id")
    assert "st-me-001" in before.index
    assert accept_report(1, TODAY, load_gazetteer()).who == "Ann"
    dismiss_report(2, TODAY)
    accept_report(3, TODAY, load_gazetteer())
    after = load_pack("starter").clinics.set_index("clinic_id")
    assert "st-me-001" not in after.index
    assert after.loc["st-me-002", "phone"] == before.loc["st-me-002", "phone"]
    assert after.loc["st-me-002", ["address", "city", "zip"]].tolist() == ["12 Main St", "Bangor", "04401"]
    assert open_reports().empty
    assert [(one.kind, one.who, one.when) for one in read_corrections()] == [
        ("closed", "Ann", "2026-11-25"),
        ("moved", "a visitor", "2026-11-25"),
    ]


def test_what_cannot_be_accepted_waits(run: Callable[..., tuple[int, str, str]]) -> None:
    save_report("st-me-001", "Something odd", TODAY)
    save_report("st-me-001", "Drove there", TODAY, kind="moved", detail="nowhere at all")
    assert "correct it by hand" in run("data", "accept", "1")[2]
    assert "is no address" in run("data", "accept", "2")[2]
    assert "no report 3 that waits" in run("data", "dismiss", "3")[2]
    assert open_reports().index.tolist() == [1, 2]
    assert run("data", "dismiss", "1")[0] == 0
    assert "no report 1 that waits" in run("data", "dismiss", "1")[2]
    assert read_corrections() == []


def test_a_kind_that_needs_a_fact_is_refused_without_it(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="Write what it is now"):
        save_report("a", "Called", TODAY, kind="phone", folder=tmp_path)


@pytest.mark.parametrize(("text", "says"), [("  \n ", "Write how you know"), ("x" * 1001, "at most 1,000 characters")])
def test_nothing_and_too_much_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(AccessError, match=says):
        save_report("a", text, TODAY, folder=tmp_path)
    assert not (tmp_path / REPORTS_FILE).exists()


def test_a_full_file_takes_no_more(tmp_path: Path) -> None:
    (tmp_path / REPORTS_FILE).write_bytes(b" " * (MOST_BYTES - 10))
    with pytest.raises(AccessError, match="as many corrections as it keeps"):
        save_report("a", "too late", TODAY, folder=tmp_path)


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    texts = [f"{payload} {number}" for number in range(30) for payload in PAYLOADS]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: save_report("a", text, TODAY, folder=tmp_path), texts))
    assert sorted(open_reports(folder=tmp_path)["text"]) == sorted(texts)


def test_no_file_is_no_corrections_and_a_broken_line_is_one_sentence(tmp_path: Path) -> None:
    assert open_reports(folder=tmp_path).empty
    (tmp_path / REPORTS_FILE).write_text("nonsense\n")
    with pytest.raises(AccessError, match="a line that is no correction"):
        open_reports(folder=tmp_path)
