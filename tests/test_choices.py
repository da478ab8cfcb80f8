"""Choices of care: courses worked by pencil, wishes that leave out and say so, and what nothing beats."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from access.measures.regimens import DEFAULT_REGIMENS
from access.places.pack import Pack
from access.questions.choices import (
    age_classes,
    best_tradeoffs,
    care_choices,
    nearest_by_air,
    order_choices,
    put_stated_first,
)
from access.questions.wish import (
    NO_SETTING,
    Relaxation,
    Wish,
    choices_that_fit,
    clinics_hidden,
    parts_failed,
    relaxations,
)
from access.words.course import course_facts, driving_rule, hours_words, short_cost, visits_words
from access.words.wish import hidden_words, relaxation_words
from tests.worlds import HOME, care_pack

TODAY = date(2026, 11, 25)


@pytest.fixture
def pack() -> Pack:
    return care_pack()


def row(choices: pd.DataFrame, choice_id: str) -> "pd.Series[float]":
    return choices.set_index("choice_id").loc[choice_id]


def test_a_ketamine_course_is_worked_by_pencil(pack: Pack) -> None:
    # One way: 2 + 1.5 x 8 + 1.03 x 12 = 26.36 min; by road 20 x 1.27 = 25.4 km = 15.783 miles.
    course = row(care_choices(pack, *HOME), "near/ketamine_iv")
    assert course["minutes"] == pytest.approx(26.36, abs=0.01)
    assert course["patient_minutes"] == pytest.approx(6 * (2 * 26.36 + 90), abs=0.1)
    assert course["escort_minutes"] == pytest.approx(6 * 4 * 26.36, abs=0.3), "two round trips are shorter than waiting"
    assert course["miles"] == pytest.approx(189.39, abs=0.02)
    assert course["travel_usd"] == pytest.approx(38.83, abs=0.01)
    assert (course["treatment_usd_low"], course["treatment_usd_high"]) == (2400, 4800)
    assert course["patient_days"] == 3, "142.72 minutes away are half a day, six times"


def test_a_price_that_the_clinic_states_stands_for_the_range(pack: Pack) -> None:
    course = row(care_choices(pack, *HOME), "far/ect")
    assert course["treatment_usd_low"] == course["treatment_usd_high"] == 900
    assert row(care_choices(pack, *HOME), "near/tms")[["usd_low", "usd_high"]].isna().all()


def test_sources_of_one_treatment_are_one_choice(pack: Pack) -> None:
    choices = care_choices(pack, *HOME, Wish(payer="medicaid"))
    assert choices["choice_id"].tolist() == ["near/ketamine_iv", "near/tms", "far/ect"]
    assert row(choices, "near/tms")["payers_accepted"] == "medicaid|va"
    assert row(choices, "near/tms")["sources"] == "us; them"
    assert choices["payer_answer"].tolist() == ["not_stated", "stated", "refused"]


def test_without_a_car_the_driver_drives_to_every_visit(pack: Pack) -> None:
    by_driver = row(care_choices(pack, *HOME, Wish(has_car=False)), "near/tms")
    assert by_driver["escort_minutes"] == pytest.approx(36 * (2 * 26.36 + 30), abs=1), (
        "waiting is shorter than 4 drives"
    )
    alone = row(care_choices(pack, *HOME, Wish(has_car=False, has_driver=False)), "near/tms")
    assert alone["escort_minutes"] == 0


def test_a_treatment_without_a_regimen_has_no_course(pack: Pack) -> None:
    known = {name: one for name, one in DEFAULT_REGIMENS.items() if name != "ect"}
    course = row(care_choices(pack, *HOME, Wish(regimens=known)), "far/ect")
    assert np.isnan(course["patient_minutes"])
    assert np.isnan(course["usd_low"])
    assert "Not known" in course_facts(course.to_dict())["Visits"]


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        (Wish(), ["near/ketamine_iv", "near/tms", "far/ect"]),
        (Wish(treatments=["tms", "ect"]), ["near/tms", "far/ect"]),
        (Wish(payer="medicaid"), ["near/ketamine_iv", "near/tms"]),
        (Wish(payer="medicaid", only_stated=True), ["near/tms"]),
        (Wish(longest=30), ["near/ketamine_iv", "near/tms"]),
        (Wish(unit="km", longest=25.0), []),
        (Wish(days=[0, 1]), ["near/ketamine_iv"]),
        (Wish(days=[0, 1, 2]), ["near/ketamine_iv", "far/ect"]),
        (Wish(has_driver=False), ["near/tms"]),
        (Wish(budget_usd=2000), ["near/tms", "far/ect"]),
        (Wish(telehealth=True), ["near/ketamine_iv", "near/tms"]),
        (Wish(spanish=True), ["near/ketamine_iv", "near/tms"]),
        (Wish(settings=["hospital"]), ["far/ect"]),
        (Wish(settings=[NO_SETTING]), ["near/ketamine_iv", "near/tms"]),
    ],
)
def test_each_part_of_a_wish_leaves_out_what_does_not_fit(pack: Pack, wish: Wish, left: list[str]) -> None:
    choices = care_choices(pack, *HOME, wish)
    assert choices_that_fit(choices, parts_failed(choices, wish))["choice_id"].tolist() == left


def test_a_limit_of_exactly_the_drive_is_within(pack: Pack) -> None:
    exact = float(care_choices(pack, *HOME)["minutes"].iloc[0])
    choices = care_choices(pack, *HOME)
    assert len(choices_that_fit(choices, parts_failed(choices, Wish(longest=exact)))) == 2
    assert len(choices_that_fit(choices, parts_failed(choices, Wish(longest=np.nextafter(exact, 0))))) == 0


def test_every_filter_tells_how_many_clinics_it_hides(pack: Pack) -> None:
    wish = Wish(treatments=["ect"], payer="medicaid", longest=60)
    choices = care_choices(pack, *HOME, wish)
    hides = clinics_hidden(choices, parts_failed(choices, wish))
    # near gives no ECT; far refuses Medicaid and is too far: each alone brings back nothing but `near`.
    assert hides.to_numpy().tolist() == [["treatment", 1, 1], ["payer", 1, 0], ["reach", 1, 0]]
    assert hidden_words(hides, wish)[0] == "“ECT” hides 1 clinic (1 of them it alone)"


def test_nothing_found_offers_the_fewest_and_nearest_to_give_up(pack: Pack) -> None:
    wish = Wish(treatments=["ect"], payer="medicaid", only_stated=True, longest=60)
    choices = care_choices(pack, *HOME, wish)
    (only,) = relaxations(choices, parts_failed(choices, wish))
    assert only == Relaxation(("treatment",), 1, pytest.approx(26.36, abs=0.01))
    assert relaxation_words(only, wish) == "Remove “ECT”: 1 clinic within 60 minutes, the nearest about 26 minutes away"
    two = Wish(treatments=["ect"], payer="medicaid", longest=20)
    choices = care_choices(pack, *HOME, two)
    assert [one.given_up for one in relaxations(choices, parts_failed(choices, two))] == [
        ("treatment", "reach"),
        ("payer", "reach"),
    ]


def test_nothing_is_offered_where_something_fits_or_nothing_ever_would(pack: Pack) -> None:
    choices = care_choices(pack, *HOME)
    assert relaxations(choices, parts_failed(choices, Wish())) == []
    assert relaxations(choices.head(0), parts_failed(choices.head(0), Wish())) == []


def test_a_choice_that_another_beats_on_time_and_money_is_no_trade_off() -> None:
    choices = pd.DataFrame(
        {"patient_minutes": [10, 20, 20, 30, 10, 40, np.nan], "usd_central": [500, 400, 450, 400, 500, np.nan, 1]}
    )
    assert best_tradeoffs(choices).tolist() == [True, True, False, False, True, False, False]


@pytest.mark.parametrize("seed", range(200))
def test_trade_offs_equal_a_look_at_every_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    choices = pd.DataFrame(rng.integers(0, 6, (9, 2)).astype(float), columns=["patient_minutes", "usd_central"])
    pairs = choices.to_numpy().tolist()
    beaten = [any(a <= c and b <= d and (a, b) != (c, d) for a, b in pairs) for c, d in pairs]
    assert best_tradeoffs(choices).tolist() == [not one for one in beaten]


def test_orders_put_what_is_not_known_last(pack: Pack) -> None:
    choices = care_choices(pack, *HOME)
    assert order_choices(choices, "cost", TODAY)["choice_id"].tolist() == ["far/ect", "near/ketamine_iv", "near/tms"]
    assert order_choices(choices, "hours", TODAY)["choice_id"].iloc[0] == "near/ketamine_iv"
    assert age_classes(choices, TODAY) == [0, 1, 3]
    assert order_choices(choices, "sure", TODAY)["choice_id"].tolist() == ["near/ketamine_iv", "near/tms", "far/ect"]
    with pytest.raises(ValueError, match="no order 'price'"):
        order_choices(choices, "price", TODAY)


def test_clinics_that_state_the_payer_stand_first_with_all_their_choices(pack: Pack) -> None:
    choices = put_stated_first(order_choices(care_choices(pack, *HOME, Wish(payer="medicaid")), "cost", TODAY))
    assert choices["choice_id"].tolist() == ["near/ketamine_iv", "near/tms", "far/ect"]
    assert choices["is_stated"].tolist() == [True, True, False]


def test_who_reaches_nothing_by_road_is_told_the_nearest_by_air(pack: Pack) -> None:
    found = nearest_by_air(pack, *HOME, Wish(treatments=["esketamine"]))
    assert found["clinic_id"].tolist() == ["remote"]
    assert found["straight_km"].iloc[0] == pytest.approx(1000, abs=0.5)
    assert nearest_by_air(pack, *HOME, Wish(), count=2)["treatments"].tolist() == ["ketamine_iv|tms", "ect"]


def test_a_course_is_told_in_words(pack: Pack) -> None:
    choices = care_choices(pack, *HOME)
    ketamine = row(choices, "near/ketamine_iv").to_dict()
    assert visits_words(ketamine) == "6 visits over 3 weeks, up to 2 a week, about 90 minutes each"
    assert short_cost(ketamine) == "$2,439 to $4,839"
    facts = course_facts(ketamine)
    assert facts["Your time"] == "14 hours in all, drives included"
    assert facts["Days off work"] == "3 for you, 3 for your driver"
    assert "weak source" in facts["Cost of treatment"]
    tms = row(choices, "near/tms").to_dict()
    assert short_cost(tms) == "cost not known"
    assert course_facts(tms)["Your driver's time"] == "None: you may go alone."
    # 900 for nine visits, and 18 x 78.914 miles at 20.5 cents.
    assert short_cost(row(choices, "far/ect").to_dict()) == "$1,191"


def test_hours_are_rounded_as_an_estimate_deserves() -> None:
    assert [hours_words(minutes) for minutes in (60, 90, 599, 1234, np.nan)] == [
        *("1 hour", "1.5 hours", "10 hours", "21 hours", "not known")
    ]


def test_the_rule_of_the_road_is_stated_for_every_treatment() -> None:
    assert "may not drive" in driving_rule("ketamine_iv")
    assert "full night's sleep" in driving_rule("esketamine")
    assert "may drive yourself" in driving_rule("tms")
    assert "ride share alone is not allowed" in driving_rule("ect")


def test_a_changed_course_changes_what_it_asks(pack: Pack) -> None:
    longer = {**DEFAULT_REGIMENS, "ketamine_iv": replace(DEFAULT_REGIMENS["ketamine_iv"], sessions=12, wait_minutes=30)}
    course = row(care_choices(pack, *HOME, Wish(regimens=longer, usd_per_mile=1.0)), "near/ketamine_iv")
    assert course["patient_minutes"] == pytest.approx(12 * (2 * 26.36 + 120), abs=0.2)
    assert course["travel_usd"] == pytest.approx(course["miles"])
