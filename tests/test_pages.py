"""Each page: opens, one widget changes the answer, and what goes wrong is one sentence."""

import html

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from access.places.pack import load_pack, pack_folder, save_pack
from access.questions.care import care_near
from access.questions.choices import care_choices
from access.questions.view import VIEW_MEASURES
from access.scenarios.edits import CloseClinic
from tests.browser import ROOT
from tests.pages import cards, chosen, headline, looking, opened, tables, typed, with_more
from tests.test_geocoder import service
from ui.gap_sections import SECTIONS


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("app.py", "Care for treatment-resistant depression"),
        ("pages/1_Find_care.py", "Find care"),
        ("pages/2_Access_gaps.py", "Access gaps"),
        ("pages/3_Scenarios.py", "Scenarios"),
        ("pages/4_Data_and_methods.py", "Data and methods"),
        ("pages/6_Privacy.py", "Privacy"),
    ],
)
def test_every_page_opens_by_itself_with_the_crisis_line(name: str, title: str) -> None:
    page = opened(name)
    assert page.title[0].value == title
    assert "call or text 988" in page.info[0].value
    assert not page.error


def test_find_care_lists_what_the_library_finds() -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "80202")
    pack = load_pack("starter")
    point = {"latitude": 39.7491, "longitude": -104.9946}
    near = care_near(pack, **point, max_minutes=60)
    assert len(near) > 3
    shown = cards(page)
    assert "in our data within 120 minutes of 80202" in page.subheader[0].value
    assert all(name in html.unescape(shown) for name in near["name"][:3])
    assert "How we know:" in shown
    assert "estimate" in shown


def test_a_treatment_narrows_the_list_and_says_how_many_are_farther() -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "Denver, CO")
    every = page.subheader[0].value
    page.multiselect[0].set_value(["ect"]).run()
    assert int(page.subheader[0].value.split()[0]) < int(every.split()[0])
    assert "IV ketamine</strong>" not in cards(page)


def test_insurance_not_stated_is_shown_as_such_and_can_be_left_out() -> None:
    page = chosen(typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "Denver, CO"), "Insurance", "medicaid")
    assert "Medicaid: not stated, ask." in cards(page)
    page.checkbox(key="only_stated").check().run()
    assert "Takes Medicaid (stated)." in cards(page)
    assert "not stated, ask" not in cards(page)
    assert any("“Medicaid stated” hides" in one.value for one in page.caption)


def test_nothing_near_is_never_no_care_and_a_press_gives_up_what_is_in_the_way() -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "59301")
    page = chosen(page, "Longest way there, one way", ("minutes", 30.0))
    assert page.subheader[0].value.startswith("0 clinics in our data")
    assert "There may still be care" in page.warning[0].value
    (press,) = [one for one in page.button if "Remove" in one.label]
    assert "within 30 minutes" in press.label
    page = press.click().run()
    assert "within 240 minutes" in page.subheader[0].value
    assert not page.subheader[0].value.startswith("0 ")


def test_a_changed_assumption_changes_the_course_and_can_be_taken_back() -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "Denver, CO")
    before = cards(page)
    page.toggle(key="assumptions").set_value(True).run()
    page.number_input(key="assume ketamine_iv induction sessions").set_value(12.0).run()
    assert "12 visits over 6 weeks" in cards(page)
    (back,) = [one for one in page.button if one.label.startswith("Back")]
    assert cards(back.click().run()) == before


def test_prices_out_of_order_are_refused_and_the_earlier_stand() -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "Denver, CO")
    before = cards(page)
    page.toggle(key="assumptions").set_value(True).run()
    page.number_input(key="assume ketamine_iv induction low").set_value(9000.0).run()
    assert "must rise from lowest to highest" in page.error[0].value
    assert cards(page) == before


def test_choices_stand_side_by_side() -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "Denver, CO")
    near = care_choices(load_pack("starter"), 39.74, -104.98)
    page.multiselect(key="compared").set_value(near["choice_id"].head(2).tolist()).run()
    (table,) = [one.body for one in page.get("html") if "<caption>" in one.body and "care-compared" in one.body]
    assert table.count('<th scope="col">') == 2
    assert "Driving" in table


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("00000", "no ZIP 00000"),
        ("Springfield", "may be any of"),
        ("Qwxyz, MT", "Qwxyz"),
        ("<script>alert(1)</script>", "alert"),
        ("48.85, 2.35", "United States"),
    ],
)
def test_a_place_that_cannot_be_found_is_one_sentence(text: str, says: str) -> None:
    page = typed(opened("pages/1_Find_care.py"), "ZIP, town or county", text)
    assert len(page.error) == 1
    assert says in page.error[0].value.replace("\\", "")
    assert not page.exception


def test_a_clinic_s_hostile_name_stays_text(monkeypatch) -> None:
    pack = load_pack("starter")
    clinics = pack.clinics.assign(name="<img src=x onerror=alert(1)>", website="javascript:alert(1)")
    hostile = pack.manifest.model_copy(update={"name": "hostile"})
    save_pack(type(pack)(pack.people, clinics, pack.services, hostile), pack_folder("hostile"))
    monkeypatch.setenv("TRD_ACCESS_PACK", "hostile")
    shown = cards(typed(opened("pages/1_Find_care.py"), "ZIP, town or county", "Denver, CO"))
    assert "&lt;img src=x onerror" in shown
    assert "<img" not in shown
    assert "javascript:" not in shown


def test_a_farther_limit_leaves_fewer_people_beyond() -> None:
    page = opened("pages/2_Access_gaps.py")
    first = headline(page)
    page.select_slider[0].set_value(120).run()
    assert "120 minutes" in headline(page)
    assert float(headline(page).split("(")[1].split()[0]) < float(first.split("(")[1].split()[0])


def test_a_state_in_miles_shows_its_own_people() -> None:
    page = chosen(chosen(with_more(opened("pages/2_Access_gaps.py")), "Area", "MT"), "Measured in", "miles")
    people = load_pack("starter").people
    table = tables(page)[0]
    assert table.loc["All", "people"] == f"{people.loc[people['state'] == 'MT', 'population'].sum():,}"
    assert "miles from the nearest IV ketamine clinic in our data" in headline(page)
    assert "Montana" in headline(page)


def test_the_sentence_names_the_treatment_and_the_rank() -> None:
    page = chosen(with_more(opened("pages/2_Access_gaps.py")), "Count the", 3)
    assert "from the 3rd nearest IV ketamine clinic in our data" in headline(page)


def test_where_nobody_reaches_a_clinic_no_share_is_told() -> None:
    page = chosen(opened("pages/2_Access_gaps.py"), "Area", "AK")
    assert page.subheader[0].value.startswith("In our data nobody in Alaska reaches the nearest IV ketamine clinic")
    assert "may be clinics that we do not know" in page.subheader[0].value


def test_data_and_methods_names_every_source_and_changes_the_pack(monkeypatch, national_pack_folder) -> None:
    monkeypatch.setenv("TRD_ACCESS_DATA", str(national_pack_folder.parent))
    monkeypatch.setenv("TRD_ACCESS_PACK", "starter")
    page = opened("pages/4_Data_and_methods.py")
    words = " ".join(one.value for one in page.markdown)
    assert "odelled" in words
    chosen(page, "Data in use", national_pack_folder.name)
    words = " ".join(one.value for one in page.markdown)
    assert "334,735,155 people" in words
    files = page.dataframe[0].value
    assert files["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert page.session_state["pack"] == national_pack_folder.name


def test_a_damaged_pack_is_one_sentence_on_every_page(monkeypatch) -> None:
    pack = load_pack("starter")
    save_pack(pack, pack_folder("broken"))
    (pack_folder("broken") / "clinics.parquet").write_bytes(b"PAR1 no")
    monkeypatch.setenv("TRD_ACCESS_PACK", "broken")
    for name in ("app.py", "pages/2_Access_gaps.py", "pages/3_Scenarios.py", "pages/4_Data_and_methods.py"):
        page = AppTest.from_file(str(ROOT / name), default_timeout=60).run()
        assert not page.exception
        assert len(page.error) == 1
        assert "clinics" in page.error[0].value
        assert "damaged" in page.error[0].value


def test_the_table_of_the_map_holds_everybody_and_every_county() -> None:
    table = tables(looking(opened("pages/2_Access_gaps.py"), "The map as a table"))[0]
    people = load_pack("starter").people
    assert len(table) == people["county"].nunique()
    # Where 1 to 10 people live, their number is not told.
    told = pd.to_numeric(table["people"].str.replace(",", ""), errors="coerce")
    by_county = people.groupby("county")["population"].sum()
    assert told.sum() == by_county[(by_county == 0) | (by_county > 10)].sum()


def test_how_sure_a_figure_is_stands_in_one_sentence_with_every_state_ranked() -> None:
    page = looking(chosen(opened("pages/2_Access_gaps.py"), "Area", "OH"), "How sure, and who ranks where")
    assert "rural people" in page.info[-1].value.replace("\\", "")
    states, counties = tables(page)
    assert len(states) == load_pack("starter").people["state"].nunique() + 1
    assert len(counties) == 88 + 1


@pytest.mark.parametrize("part", SECTIONS)
def test_each_part_under_the_map_opens_for_a_state_and_in_miles(part: str) -> None:
    page = looking(chosen(opened("pages/2_Access_gaps.py"), "Area", "VT"), part)
    assert not page.error
    page = chosen(with_more(page), "Measured in", "miles")
    assert not page.exception
    assert not page.error
    assert "Vermont" in headline(page)


@pytest.mark.parametrize("show", [name for name in VIEW_MEASURES if name != "starts_lost"])
def test_everything_that_can_be_shown_is_told_in_the_headline_and_compared(show: str) -> None:
    page = with_more(chosen(chosen(opened("pages/2_Access_gaps.py"), "Area", "OH"), "Show", show))
    assert "Ohio" in headline(page)
    page = chosen(chosen(page, "Draw", "hexagon"), "Compare with", "treatment ect")
    assert not page.exception
    assert not page.error


def test_what_only_esketamine_can_show_is_asked_for_in_a_sentence() -> None:
    page = chosen(opened("pages/2_Access_gaps.py"), "Show", "starts_lost")
    assert "esketamine alone" in page.error[0].value.replace("\\", "")
    (box,) = [one for one in page.multiselect if one.label.startswith("Treatment")]
    box.set_value(["esketamine"]).run()
    assert "fewer esketamine starts" in headline(page)


def test_some_counties_alone_are_counted_and_named() -> None:
    page = with_more(chosen(opened("pages/2_Access_gaps.py"), "Area", "MT"))
    (box,) = [one for one in page.multiselect if one.label == "Only these counties"]
    box.set_value(["30031", "30067"]).run()
    assert "Gallatin + Park, MT" in headline(page)
    people = load_pack("starter").people
    own = people.loc[people["county"].isin(["30031", "30067"]), "population"].sum()
    assert tables(page)[0].loc["All", "people"] == f"{own:,}"


def test_my_scenario_can_be_held_against_now() -> None:
    page = opened("pages/2_Access_gaps.py")
    page.session_state["edits"] = [CloseClinic(clinic_id="st-me-001")]
    (box,) = [one for one in page.multiselect if one.label.startswith("Treatment")]
    page = with_more(box.set_value(["ect"]).run())
    assert not chosen(page, "Compare with", "plan").error


def test_a_street_address_is_sent_only_after_a_notice_and_a_press(monkeypatch) -> None:
    body = (
        b'{"result": {"addressMatches": [{"matchedAddress": "1 MAIN ST, DENVER, CO", '
        b'"coordinates": {"x": -104.99, "y": 39.74}, "addressComponents": {"state": "CO"}}]}}'
    )
    with service(monkeypatch, body) as asked:
        page = opened("pages/1_Find_care.py")
        assert not page.warning, "off by default"
        page.toggle(key="by_address").set_value(True).run()
        assert "US Census Bureau's address service" in page.warning[0].value
        (box,) = [one for one in page.text_input if one.label == "Street, town and state"]
        box.set_value("1 Main St, Denver, CO")
        assert asked == []
        (send,) = [one for one in page.button if one.label == "Send"]
        send.click().run()
    assert (len(asked), [one.value for one in page.error]) == (1, [])
    assert "of your address" in page.subheader[0].value
    page.toggle(key="by_address").set_value(False).run()
    assert not page.subheader, "turned off, the address is forgotten"


def test_subgroups_are_told_where_a_pack_has_their_shares(monkeypatch) -> None:
    pack = load_pack("starter")
    people = pack.people.assign(share_poverty=0.25, moe_poverty=0.05, is_tract_poverty=False)
    people["is_forhp_rural"] = people["rurality"] != "urban"
    shared = pack.manifest.model_copy(update={"name": "shared"})
    save_pack(type(pack)(people, pack.clinics, pack.services, shared), pack_folder("shared"))
    monkeypatch.setenv("TRD_ACCESS_PACK", "shared")
    page = looking(chosen(opened("pages/2_Access_gaps.py"), "Area", "OH"), "Who they are")
    assert not page.error
    subgroups, forhp = tables(page)
    ohio = people[people["state"] == "OH"]
    # A quarter of every place: the poor and the others live equally far.
    row = subgroups.loc["people below the poverty level"]
    assert row["people"] == f"{ohio['population'].sum() / 4:,.0f}"
    assert row["share beyond"] == row["of all others"]
    assert row["people whose share is not known"] == "0"
    rural = ohio.loc[ohio["rurality"] != "urban", "population"].sum()
    assert forhp.loc["rural as FORHP has it", "people"] == f"{rural:,}"
