"""Corrections: kept on this machine, bounded, and nothing in them but what was written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from access.errors import AccessError
from access.report.corrections import FILE, MOST_BYTES, corrections, report_correction
from tests.payloads import PAYLOADS

TODAY = date(2026, 11, 25)


def test_what_was_written_is_kept_with_its_clinic_and_day_and_nothing_else(tmp_path: Path) -> None:
    report_correction("st-me-001", "The phone \n is old", TODAY, folder=tmp_path)
    assert (
        tmp_path / FILE
    ).read_text() == '{"clinic_id": "st-me-001", "date": "2026-11-25", "text": "The phone is old"}\n'
    assert corrections(folder=tmp_path).to_numpy().tolist() == [["st-me-001", "2026-11-25", "The phone is old"]]


@pytest.mark.parametrize(("text", "says"), [("  \n ", "Write what is wrong"), ("x" * 1001, "at most 1,000 characters")])
def test_nothing_and_too_much_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(AccessError, match=says):
        report_correction("a", text, TODAY, folder=tmp_path)
    assert not (tmp_path / FILE).exists()


def test_a_full_file_takes_no_more(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b" " * (MOST_BYTES - 10))
    with pytest.raises(AccessError, match="as many corrections as it keeps"):
        report_correction("a", "too late", TODAY, folder=tmp_path)


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    texts = [f"{payload} {number}" for number in range(30) for payload in PAYLOADS]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: report_correction("a", text, TODAY, folder=tmp_path), texts))
    assert sorted(corrections(folder=tmp_path)["text"]) == sorted(texts)


def test_no_file_is_no_corrections_and_a_broken_line_is_one_sentence(tmp_path: Path) -> None:
    assert corrections(folder=tmp_path).empty
    (tmp_path / FILE).write_text("nonsense\n")
    with pytest.raises(AccessError, match="a line that is no correction"):
        corrections(folder=tmp_path)
