"""The directory on its pages: the keeper asks the sources again and corrects; a visitor reports and changes nothing."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from access.places.directory.corrections import read_corrections
from access.places.directory.mistake_reports import open_reports, save_report
from access.places.pack import LIVE, load_pack, pack_names
from tests.directory_world import Directory, directory, facility
from tests.pages import chosen, opened, tables, typed
from tests.test_corrections import TODAY

DATA = "pages/4_Data_and_methods.py"
FIND = "pages/1_Find_care.py"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", "1")


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_ACCESS_KEEPER", "0")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    with directory(monkeypatch, [facility("aaaaa1111111", "ME", 44.80, -68.77, "TMS")]) as made:
        yield made


def pressed(page: AppTest, label: str) -> AppTest:
    (button,) = [one for one in page.button if one.label == label]
    return button.click().run()


def refreshed(page: AppTest, *sources: str) -> AppTest:
    (box,) = [one for one in page.multiselect if one.label.startswith("Sources to ask")]
    box.set_value(list(sources))
    page.multiselect(key="refresh_states").set_value(["ME"])
    return pressed(page, "Ask the sources again")


def test_the_keeper_asks_the_sources_and_sees_what_is_new(keeper: None, world: Directory) -> None:
    page = refreshed(opened(DATA), "samhsa_locator")
    assert not page.error
    assert [one.value for one in page.success] == ["The sources were asked. new: 1"]
    assert page.selectbox[0].value == LIVE
    (changes,) = [table for table in tables(page) if "change" in table]
    assert changes.loc["Facility aaaaa1", ["state", "change", "source"]].tolist() == [
        "ME", "new", "SAMHSA FindTreatment.gov",
    ]  # fmt: skip
    world.locator.always = "500"
    page = refreshed(page, "samhsa_locator", "medicare")
    assert "could not be read; what it said before stays." in page.warning[0].value.replace("\\", "")
    assert "ft-aaaaa1111111" in set(load_pack(LIVE).clinics["clinic_id"])


def test_where_every_source_fails_one_sentence_is_shown_and_nothing_is_made(keeper: None, world: Directory) -> None:
    world.locator.always = "html"
    page = refreshed(opened(DATA), "samhsa_locator")
    assert "No source could be read, and nothing is changed." in page.error[0].value.replace("\\", "")
    assert pack_names() == ["starter"]


def test_a_visitor_can_change_nothing(visitor: None) -> None:
    save_report("st-me-001", "x", TODAY, kind="closed")
    page = opened(DATA)
    labels = {one.label for one in page.button}
    assert not labels & {"Ask the sources again", "Take it back", "Accept it: it counts from now on"}
    assert any("trd-access data refresh" in one.value for one in page.caption)


def mistaken(kind: str, detail: str = "") -> AppTest:
    page = typed(opened(FIND), "ZIP, town or county", "Bangor, ME")
    page = chosen(page, "Clinic", "st-me-001")
    page = chosen(page, "What is wrong?", kind)
    if detail:
        (box,) = [one for one in page.text_input if one.label == "Its telephone number now"]
        box.set_value(detail)
    page.text_area[0].set_value(f"I called {HOSTILE}")
    return pressed(page, "Report it")


def test_a_visitor_s_report_waits_for_the_keeper_who_accepts_it(visitor: None, monkeypatch: pytest.MonkeyPatch) -> None:
    page = mistaken("phone", "207-555-0199")
    assert [one.value for one in page.success] == ["Thank you. It is kept on this machine for its owner."]
    assert read_corrections() == []
    assert open_reports()[["kind", "detail", "text"]].to_numpy().tolist() == [
        ["phone", "207-555-0199", f"I called {HOSTILE}"]
    ]
    monkeypatch.setenv("TRD_ACCESS_KEEPER", "1")
    page = opened(DATA)
    assert not any(HOSTILE in one.body for one in page.get("html"))
    page = pressed(page, "Accept it: it counts from now on")
    assert open_reports().empty
    assert load_pack("starter").clinics.set_index("clinic_id").loc["st-me-001", "phone"] == "207-555-0199"
    page = pressed(page, "Take it back")
    assert read_corrections() == []


def test_the_keeper_s_own_report_counts_at_once(keeper: None) -> None:
    page = mistaken("closed")
    assert [one.value for one in page.success] == ["Thank you. It counts from now on."]
    assert "st-me-001" not in set(load_pack("starter").clinics["clinic_id"])
    assert "st-me-001" not in "".join(str(one.options) for one in page.selectbox if one.label == "Clinic")


def test_a_report_without_a_word_is_refused_in_a_sentence(visitor: None) -> None:
    page = typed(opened(FIND), "ZIP, town or county", "Bangor, ME")
    page = pressed(page, "Report it")
    assert "Write how you know, or what is wrong, first" in page.error[0].value
    assert open_reports().empty
