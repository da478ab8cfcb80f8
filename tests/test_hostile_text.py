"""Whatever is sent to a page's boxes, past what a browser lets one type, the page answers and shows no traceback."""

import time

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from access.documents.safe_csv import csv_bytes
from access.errors import PlaceError, TableError
from access.places.gazetteer.lookup import find_place, load_gazetteer
from access.places.pack import load_pack
from access.tables import SERVICES, check_table
from tests.browser import ROOT
from tests.payloads import HOSTILE
from ui.frame import PAGES, UNFORESEEN


@pytest.mark.parametrize("name", list(PAGES))
def test_no_hostile_text_breaks_a_page(name: str) -> None:
    page = AppTest.from_file(str(ROOT / PAGES[name]), default_timeout=60).run()
    for text in HOSTILE if len(page.text_input) + len(page.text_area) else []:
        for box in [*page.text_input, *page.text_area]:
            box.set_value(text)
        page.run()
        assert all(len(error.value) < 2_000 for error in page.error)
        assert not page.exception, text[:80]
        assert [error.value for error in page.error if error.value == UNFORESEEN] == [], text[:80]
        assert len(page.title) == 1


@pytest.mark.parametrize("name", list(PAGES))
def test_absurd_numbers_are_brought_within_limits_or_answered(name: str) -> None:
    page = AppTest.from_file(str(ROOT / PAGES[name]), default_timeout=60).run()
    for box in page.number_input:
        for number in (box.min, box.max, 0, -1, 10**9):
            if number is not None and (box.min is None or number >= box.min) and (box.max is None or number <= box.max):
                box.set_value(type(box.value or 0)(number)).run()
                assert not page.exception
                assert UNFORESEEN not in [error.value for error in page.error]


@pytest.mark.parametrize("text", ["a" + "," * 100_000, "1," * 50_000, "a " * 50_000, "9" * 100_000, "x" * 100_000])
def test_a_place_of_any_length_is_refused_at_once_and_not_echoed_whole(text: str) -> None:
    gazetteer = load_gazetteer()
    begun = time.perf_counter()
    with pytest.raises(PlaceError) as refused:
        find_place(text, *gazetteer)
    assert time.perf_counter() - begun < 1
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("seen", ["2021-02-30", "2021-13", "0000", "21", "2021-W01-1", "٢٠٢١", "2021-05-31\n", "", "x"])
def test_evidence_dated_on_no_day_is_refused_at_the_door(seen: str) -> None:
    services = load_pack("starter").services.head(3).assign(seen_date=["2021", "2021-05", seen])
    with pytest.raises(TableError, match="must be a date like 2021"):
        check_table(services, SERVICES, where="the list")


@pytest.mark.parametrize("column", ["price_usd", "capacity_per_week"])
def test_a_price_or_capacity_that_no_clinic_has_is_refused_at_the_door(column: str) -> None:
    services = load_pack("starter").services.head(2).assign(**{column: [1e6, 1e308]})
    with pytest.raises(TableError, match="must be between 0 and 1e"):
        check_table(services, SERVICES, where="the list")


def test_no_cell_of_a_csv_is_a_formula_and_numbers_and_telephones_stay_as_they_are() -> None:
    kept = ["Care = calm", "-3.5", "+1 (406) 555-0100", "-", None, "a@b.example"]
    changed = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\tx", "\r=1"]
    table = pd.DataFrame({"name": [*kept, *changed], "number": [-1.5] * 12})
    written = csv_bytes(table).decode()
    for cell in changed:
        assert f"'{cell}" in written
    assert written.count("'") == len(changed) + 2
    assert written.splitlines()[1:4] == ["Care = calm,-1.5", "-3.5,-1.5", "+1 (406) 555-0100,-1.5"]
