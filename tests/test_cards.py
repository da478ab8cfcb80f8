"""Cards: what a person taps, in the words and the order that they need it."""

from datetime import date

import pandas as pd
import pytest

from access.documents.cards import care_cards, phone_link
from access.places.directory.confidence import confidence
from access.places.pack import Pack
from access.questions.choices import care_choices
from access.words.care import payers_sentence
from tests.payloads import PAYLOADS
from tests.worlds import HOME, care_pack

TODAY = date(2026, 11, 25)


@pytest.fixture
def pack() -> Pack:
    return care_pack()


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("520-792-1450", "tel:5207921450"),
        ("(520) 792-1450 x5047", "tel:5207921450;ext=5047"),
        ("+1 520 792 1450 ext. 12", "tel:15207921450;ext=12"),
        ("javascript:alert(1)", "tel:1"),
    ],
)
def test_a_phone_is_dialled_with_its_extension_apart(phone: str, link: str) -> None:
    assert phone_link(phone) == link


def test_payers_not_stated_are_never_said_to_be_refused() -> None:
    choice = {"payers_accepted": "", "payer_answer": "not_stated"}
    assert payers_sentence(choice, None) == "Insurance is not stated: ask."
    assert payers_sentence(choice, "va") == "VA: not stated, ask. Insurance is not stated: ask."
    refused = {"payers_accepted": "medicare", "payer_answer": "refused"}
    assert payers_sentence(refused, "va") == "Says that it does not take VA. States that it takes: Medicare."


def test_a_clinic_is_one_card_with_a_course_for_each_treatment(pack: Pack) -> None:
    shown = care_cards(care_choices(pack, *HOME), TODAY, first=4)
    assert 'start="4"' in shown
    assert shown.count("<li><h3>") == 2
    assert shown.count("the whole course: ") == 3


def test_a_note_that_another_holds_is_said_once(pack: Pack) -> None:
    choices = care_choices(pack, *HOME).assign(note=["by referral; see FAQ", "by referral", None])
    assert care_cards(choices, TODAY).count("by referral") == 1


def test_hostile_text_in_every_field_stays_text(pack: Pack) -> None:
    for payload in PAYLOADS:
        texts = ("name", "address", "city", "phone", "website", "note", "sources", "source_url", "price_source")
        choices = care_choices(pack, *HOME).assign(**dict.fromkeys(texts, payload))
        shown = care_cards(choices, TODAY)
        assert [sign for sign in ("<img", "<svg", "<script", "${", "`", "{{", "\\") if sign in shown] == []


def test_video_and_spanish_are_said_only_where_they_are_stated(pack: Pack) -> None:
    near, far = care_cards(care_choices(pack, *HOME), TODAY).split("<li><h3>")[1:]
    assert "States visits by video or phone. States care in Spanish." in near
    assert "Spanish" not in far


def test_missing_facts_leave_no_trace_of_nan(pack: Pack) -> None:
    empty = care_choices(pack, *HOME).assign(setting=None, phone=None, city=None, zip=None, note=pd.NA, website=None)
    shown = care_cards(empty, TODAY)
    assert "nan" not in shown.lower().replace("finance", "")
    assert "None" not in shown.replace("None: you may go alone.", "")


def test_the_chance_is_told_in_tenths_and_a_survey_read_today_is_not_old(pack: Pack) -> None:
    services = pack.services.assign(evidence="surveyed", checked_on=TODAY.isoformat(), seen_date=None)
    told = care_choices(Pack(pack.people, pack.clinics, services, pack.manifest), *HOME)
    shown = care_cards(told, TODAY, sure=confidence(services, TODAY))
    # Riley 2024: 83 % of listings work.
    assert shown.count("By our estimate about 8 in 10 such listings are right.") == shown.count("<li><h3>")
    assert "Old or undated" not in shown
    stale = services.assign(missing_since="2026-11-01")
    shown = care_cards(told, TODAY, sure=confidence(stale, TODAY))
    assert "about 5 in 10 such listings" in shown
    assert "Old or undated: call first." in shown
    assert "in 10 such listings" not in care_cards(told, TODAY)
