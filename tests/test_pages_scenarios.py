"""The page Scenarios: each edit, what it changes, what is kept, compared and opened by a link."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from access.scenarios import apply
from access.scenarios.edits import CloseClinic
from tests.browser import ROOT
from tests.pages import chosen, headline, looking, opened, tables, typed
from ui.caches import scenario_store


def test_adding_a_town_gains_people_and_can_be_taken_back() -> None:
    page = typed(opened("pages/3_Scenarios.py"), "Add a clinic", "Miles City, MT")
    assert "people come within 60 minutes" in page.subheader[0].value
    gained = int(tables(page)[0].loc["All", "gained"].replace(",", ""))
    assert gained > 1000
    (undo,) = [one for one in page.button if one.label == "Take back"]
    undo.click().run()
    assert page.subheader[0].value.startswith("Nobody comes within")


def test_closing_a_clinic_loses_people() -> None:
    page = opened("pages/3_Scenarios.py")
    chosen(page, "Treatment", "ect")
    chosen(page, "Close a clinic", "st-me-001")
    lost = int(tables(page)[0].loc["All", "lost"].replace(",", ""))
    assert lost < 0


def test_a_closed_clinic_is_no_longer_offered_and_another_pack_s_edit_is_left_out() -> None:
    page = opened("pages/3_Scenarios.py")
    chosen(page, "Treatment", "ect")
    chosen(page, "Close a clinic", "st-me-001")
    (box,) = [one for one in page.selectbox if one.label == "Close a clinic"]
    assert not any("Acadia" in option for option in box.options)
    page.session_state["edits"] = [CloseClinic(clinic_id="of-another-pack"), *page.session_state["edits"]]
    page.run()
    assert "of-another-pack" in page.warning[0].value.replace("\\", "")
    assert len([one for one in page.button if one.label == "Take back"]) == 2
    assert int(tables(page)[0].loc["All", "lost"].replace(",", "")) < 0


def test_a_town_that_does_not_exist_adds_nothing() -> None:
    page = typed(opened("pages/3_Scenarios.py"), "Add a clinic", "Qwxyz, MT")
    assert "Qwxyz" in page.error[0].value
    assert page.subheader[0].value.startswith("Nobody comes within")


def test_a_link_opens_a_town_as_a_scenario_once() -> None:
    page = AppTest.from_file(str(ROOT / "pages/3_Scenarios.py"), default_timeout=60)
    asked = {"what": "ect", "open": "48.5500,-109.6841", "name": "Havre, MT", "people": "MT", "within": "90"}
    for name, value in asked.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert "people come within 90 minutes" in headline(page)
    assert any("Havre, MT" in one.value for one in page.markdown)
    page.run()
    assert len([one for one in page.button if one.label == "Take back"]) == 1


@pytest.mark.parametrize("point", ["", "nowhere", "1", "91,0,4", "nan,nan", "0,0"])
def test_a_link_to_no_point_is_a_sentence(point: str) -> None:
    page = AppTest.from_file(str(ROOT / "pages/3_Scenarios.py"), default_timeout=60)
    page.query_params["open"], page.query_params["what"], page.query_params["within"] = point, "<b>", "7"
    page.run()
    assert not page.exception
    assert not [one for one in page.button if one.label == "Take back"]


def pressed(page: AppTest, label: str) -> AppTest:
    (button,) = [one for one in page.button if one.label == label]
    return button.click().run()


def made(page: AppTest, action: str, *, find: str = "", **fields: object) -> AppTest:
    """The page after a change was asked for in the form: which clinic is found, then what the fields say."""
    chosen(page, "What would change?", action)
    if find:
        typed(page, "Find a clinic", find)
    for label, value in fields.items():
        words = label.replace("_", " ")
        boxes = [*page.text_input, *page.number_input, *page.selectbox, *page.get("button_group"), *page.multiselect]
        (box,) = [one for one in boxes if one.label.startswith(words)]
        box.set_value(value)
    return pressed(page, "Make this change")


def scenario_in(page: AppTest) -> list[dict[str, object]]:
    return [edit.model_dump(exclude_defaults=True) for edit in page.session_state["edits"]]


@pytest.mark.parametrize(
    ("action", "find", "fields", "expected"),
    [
        (
            "open",
            "",
            {"Where": "Havre, MT", "Payers": ["va"]},
            {"clinic_id": "new-1", "payers": ("va",), "state": "MT"},
        ),
        ("move", "st-me-001", {"To": "04730"}, {"clinic_id": "st-me-001"}),
        ("add", "billings", {}, {"treatment": "ect"}),
        ("drop", "st-me-001", {}, {"clinic_id": "st-me-001", "treatment": "ect"}),
        ("accept", "st-me-001", {"Payer": "sliding_scale"}, {"payer": "sliding_scale"}),
        ("capacity", "st-me-001", {"Sessions": 12.0}, {"capacity_per_week": 12.0}),
        ("hours", "st-me-001", {"Hours": 20.0}, {"hours_per_week": 20.0, "instead_of": 40.0}),
        ("part_week", "st-me-001", {"Open": ["wed", "mon", "fri"]}, {"days": ("mon", "wed", "fri")}),
        ("mobile", "", {"Stop_1": "Havre, MT", "Days_at_stop_1": ["mon", "tue", "wed"]}, {"clinic_id": "mobile-1"}),
        ("ride", "", {"What_it_costs": 1000.0}, {"cost_usd": 1000.0, "treatments": ("ect",)}),
        ("certify", "billings", {}, {}),
    ],
)
def test_each_change_is_made_in_the_form(action, find, fields, expected) -> None:
    page = chosen(opened("pages/3_Scenarios.py"), "Treatment", "ect")
    made(page, action, find=find, **fields)
    assert not page.error
    assert not page.exception
    (edit,) = page.session_state["edits"]
    assert edit.action == action
    assert {key: getattr(edit, key) for key in expected} == expected
    assert len([one for one in page.button if one.label == "Take back"]) == 1


def test_what_cannot_be_made_is_a_sentence_and_changes_nothing() -> None:
    page = chosen(opened("pages/3_Scenarios.py"), "Treatment", "tms")
    made(page, "part_week", find="st-ak-001", Open_on=["mon"])
    assert "tms needs 5 days a week" in page.error[0].value.replace("\\", "")
    made(page, "mobile")
    assert "not complete" in page.error[0].value
    made(page, "drop", find="no such clinic")
    assert "choose a clinic" in page.error[0].value
    assert scenario_in(page) == []
    made(page, "drop", find="st-ak-001")
    assert not page.error
    made(page, "open", Where="26.06, -85.51")
    assert "at sea or abroad" in page.error[0].value.replace("\\", "")
    assert len(scenario_in(page)) == 1


def test_a_press_applies_each_edit_once(monkeypatch) -> None:
    applied: list[str] = []
    apply_edit = apply._apply_edit

    def counting(edit, clinics, services):
        applied.append(edit.clinic_id)
        return apply_edit(edit, clinics, services)

    page = chosen(two_sites_in_montana(), "What would change?", "open")
    (where,) = [box for box in page.text_input if box.label.startswith("Where")]
    where.set_value("59301")
    monkeypatch.setattr(apply, "_apply_edit", counting)
    pressed(page, "Make this change")
    assert not page.exception
    assert len(applied) == 3
    assert applied == [edit.clinic_id for edit in page.session_state["edits"]]


def two_sites_in_montana() -> AppTest:
    page = chosen(chosen(opened("pages/3_Scenarios.py"), "Treatment", "esketamine"), "People of", "MT")
    return made(typed(page, "Add a clinic", "Miles City, MT"), "certify", find="missoula")


def test_each_part_under_the_map_tells_of_winners_and_losers() -> None:
    page = two_sites_in_montana()
    _, by_limit, medians, gap, starts = tables(page)
    everyone = by_limit.loc["All"].set_index("minutes")
    gained = everyone.loc["60", "gained"].replace(",", "")
    assert int(gained) == int(tables(page)[0].loc["All", "gained"].replace(",", "")) > 0
    within = [int(everyone.loc["60", f"people within, {when}"].replace(",", "")) for when in ("before", "after")]
    assert within[1] - within[0] == int(gained)
    assert float(medians.loc["All", "median minutes, after"]) > 0
    assert gap.index.tolist() == ["30", "60", "90", "120"]
    assert float(starts.loc["All"].iloc[1].rstrip(" %")) < float(starts.loc["All"].iloc[0].rstrip(" %"))


def test_load_payers_and_criticality_stand_under_the_map() -> None:
    page = two_sites_in_montana()
    _, states = tables(looking(page, "By state"))
    assert set(states.index) == {"Montana"}
    _, payers = tables(looking(page, "By payer"))
    assert "Medicaid" in payers.index
    _, load = tables(looking(page, "Load of clinics"))
    assert load.loc["New clinic 1, Miles City, MT", "nearest for, before"] == "0"
    assert set(load["capacity"]) == {"not known"}
    _, critical = tables(looking(page, "If a clinic closed"))
    assert "New clinic 1, Miles City, MT" in critical.index


def test_four_scenarios_stand_side_by_side() -> None:
    page = chosen(chosen(opened("pages/3_Scenarios.py"), "Treatment", "ect"), "People of", "MT")
    for number, town in enumerate(("Miles City, MT", "Havre, MT", "Glendive, MT", "Kalispell, MT"), 1):
        typed(page, "Add a clinic", town)
        looking(page, "Side by side")
        typed(page, "Name of the scenario", f"Plan {number}")
        if number < 4:
            pressed(page, "Set aside and begin anew")
    _, table = tables(page)
    assert table.columns.tolist() == ["as now", "Plan 1", "Plan 2", "Plan 3", "Plan 4"]
    assert all(int(one.replace(",", "")) > 0 for one in table.loc["gained"].iloc[1:])
    (aside,) = [one for one in page.button if one.label == "Set aside to compare"]
    assert aside.disabled, "four are as many as stand side by side"
    page.button(key="aside open 1").click().run()
    assert "Havre" in scenario_in(page)[0]["name"]


def test_where_next_asks_on_from_the_scenario_and_its_answer_is_taken() -> None:
    page = looking(two_sites_in_montana(), "Where next")
    reached = int(tables(page)[0].loc["All", "gained"].replace(",", ""))
    pressed(page, "Find them")
    assert not page.error
    _, sites = tables(page)
    assert sites.index.tolist() == ["1", "2", "3"]
    assert any("proven" in one.value for one in page.markdown)
    gains = [int(one.replace(",", "")) for one in sites["Gain of this step"]]
    *_, numbers = tables(pressed(page, "More or fewer sites"))
    assert int(numbers.loc["3", "Gain"].replace(",", "")) == sum(gains)
    assert numbers.index.tolist() == ["1", "2", "3", "4", "5", "6"]
    *_, often = tables(pressed(page, "How stable is this answer?"))
    assert often["It is"].tolist()[:3] == ["in the answer"] * 3
    pressed(page, "Add these to the scenario")
    assert len(page.session_state["edits"]) == 5
    gained = int(tables(page)[0].loc["All", "gained"].replace(",", ""))
    assert gained == reached + sum(gains), "each gain is told beside the scenario that was there"
    assert len(tables(page)) == 1, "what was found before these were added is no answer any more"


@pytest.fixture
def own_store(tmp_path, monkeypatch) -> Iterator[None]:
    """The page keeps scenarios in a file of this test alone."""
    monkeypatch.setenv("TRD_ACCESS_STORE", str(tmp_path / "kept.sqlite"))
    scenario_store.clear()
    yield
    scenario_store.clear()


def keeping(page: AppTest, author: str) -> AppTest:
    looking(page, "Keep and share")
    page.text_input(key="keep_name").set_value("Plan")
    page.text_input(key="keep_author").set_value(author)
    return pressed(page, "Save")


def test_a_scenario_is_kept_opened_and_never_overwritten(own_store) -> None:
    page = keeping(typed(opened("pages/3_Scenarios.py"), "Add a clinic", "Havre, MT"), "Ana")
    assert page.success[0].value == "Plan is kept as version 1."
    typed(page, "Add a clinic", "Glendive, MT")
    assert "version 2" in pressed(page, "Save").success[0].value
    other = keeping(typed(opened("pages/3_Scenarios.py"), "Add a clinic", "Miles City, MT"), "Ben")
    assert "Ana" in other.error[0].value
    assert not other.success
    chosen(other, "Version", 1)
    pressed(other, "Open this version")
    assert [edit["name"] for edit in scenario_in(other)] == ["New clinic 1, Havre, MT"]
    assert "version 3" in pressed(other, "Save").success[0].value, "who has seen the newest may save after it"
