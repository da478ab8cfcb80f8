"""The section of the Data page: a visitor looks at a list of their own, and the keeper of the machine adds it."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from access.places.pack import load_pack, pack_names
from tests.pages import opened
from tests.payloads import PAYLOADS

PAGE = "pages/4_Data_and_methods.py"
GOOD = b"Clinic name,City,State,Zip code,Treatments,Colour\nAlpha,Bozeman,MT,59718,Spravato; TMS,red\n"
BAD = GOOD + b"Beta,Bozeman,MT,59718,leeches,blue\n"


def looked_at(content: bytes, name: str = "mine.csv") -> AppTest:
    page = opened(PAGE)
    (switch,) = [one for one in page.toggle if one.label == "I have a list to look at"]
    page = switch.set_value(True).run()
    return page.file_uploader[0].upload(name, content, "text/csv").run()


def said(page: AppTest) -> str:
    html = "".join(one.body for one in page.get("html"))
    parts = (page.success, page.warning, page.markdown, page.caption, page.error)
    return html + " ".join(one.value for part in parts for one in part)


def button(page: AppTest) -> list:
    return [one for one in page.button if one.label == "Add these to my data"]


def test_a_visitor_sees_what_was_understood_and_may_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", "0")
    page = looked_at(BAD)
    assert "1 row can be used. 1 row is refused." in said(page)
    assert "These columns are passed over: Colour." in said(page)
    assert "leeches" in said(page)
    assert "<td>treatments</td>" in said(page)
    assert button(page) == []
    assert "This page does not change the data that others see" in said(page)
    assert pack_names() == ["starter"]


def test_the_keeper_adds_a_list_and_it_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", "1")
    page = button(looked_at(GOOD))[0].click().run()
    assert not page.exception
    assert "1 clinic of your list is in the data own\\-list, which is now in use" in said(page)
    assert page.selectbox[0].value == "own-list"
    made = load_pack("own-list")
    assert set(load_pack("starter").clinics["clinic_id"]) < set(made.clinics["clinic_id"])
    assert made.manifest.sources[-1].url == "mine.csv"


def test_one_refused_row_stops_the_keeper_until_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", "1")
    page = looked_at(BAD)
    assert button(page)[0].disabled
    (box,) = [one for one in page.checkbox if one.label == "Leave out the refused rows"]
    page = button(box.check().run())[0].click().run()
    assert not page.exception
    assert "Alpha" in set(load_pack("own-list").clinics["name"])
    assert "Beta" not in set(load_pack("own-list").clinics["name"])


def test_a_name_that_is_taken_overwrites_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", "1")
    page = looked_at(GOOD)
    (name,) = [one for one in page.text_input if one.label == "Name of the data that you make"]
    page = button(name.set_value("starter").run())[0].click().run()
    assert "There are data named starter already" in said(page)
    assert pack_names() == ["starter"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00" * 100, b'{"type": 5', b'name\n"open', GOOD[:20]])
def test_a_file_that_is_no_list_is_one_sentence_and_the_page_stands(content: bytes) -> None:
    page = looked_at(content)
    assert not page.exception
    assert len(page.error) == 1
    assert "Something went wrong" not in page.error[0].value
    assert "Privacy" in [one.value for one in page.header]


def test_what_a_list_holds_is_shown_as_text() -> None:
    quoted = [text.replace('"', '""') for text in PAYLOADS]
    header = ",".join(f'"x{text}"' for text in quoted)
    rows = "\n".join(f'Alpha,"{text}",tms{"," * len(quoted)}' for text in quoted)
    page = looked_at(f"name,state,treatments,{header}\n{rows}\n".encode())
    tables = "".join(one.body for one in page.get("html") if one.body.startswith("<div"))
    assert "window.top.ran" in tables
    assert re.findall(r"<(?!/?(?:div|table|caption|thead|tbody|tr|th|td)[ >])|\$\{|`", tables) == []
    told = " ".join(one.value for one in page.markdown)
    assert "window" in told
    assert re.findall(r"(?<!\\)[<`$]", told) == []
