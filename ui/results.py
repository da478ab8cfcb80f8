"""The answer of Find care: what fits and what is hidden, the cards and the map, choices side by side."""

from datetime import date

import pandas as pd
import streamlit as st
from markupsafe import Markup

from access.documents.cards import care_cards
from access.language import say, say_many
from access.places.directory.confidence import confidence
from access.places.gazetteer.lookup import Place
from access.questions.choices import (
    best_tradeoffs,
    care_choices,
    nearest_by_air,
    order_choices,
    put_stated_first,
)
from access.questions.wish import Wish, choices_that_fit, clinics_hidden, parts_failed, relaxations
from access.units import miles
from access.vocabulary import PAYERS
from access.words.care import choice_name
from access.words.course import hours_words, short_cost
from access.words.wish import hidden_words, reach_words, relaxation_words
from ui.caches import clinic_offers, pack_in_use, pack_origins
from ui.care_takeaway import offer_takeaway
from ui.drawing import bounds_around, care_layers, draw_map
from ui.frame import escape_markdown
from ui.mistake import report_mistake
from ui.wishes import give_up

MOST_SHOWN = 25


def show_results(place: Place, wish: Wish, order: str, today: date) -> None:
    """All that a person sees once the place is known."""
    pack = pack_in_use()
    ready = {"landmarks": pack_origins(pack), "offers": clinic_offers(pack, wish.payer)}
    choices = care_choices(pack, place.latitude, place.longitude, wish, **ready)
    fails = parts_failed(choices, wish)
    found = put_stated_first(order_choices(choices_that_fit(choices, fails), order, today))
    found = found.assign(is_best=best_tradeoffs(found))
    clinics = say_many("{number} clinic", "{number} clinics", found["clinic_id"].nunique())
    within = reach_words(wish.unit, wish.longest)
    st.subheader(
        say(
            "{clinics} in our data within {reach} of {place}",
            clinics=clinics,
            reach=within,
            place=escape_markdown(place.label),
        )
    )
    if place.kind == "county":
        st.caption(say("Drives are from where the county's people live on average. A ZIP or town tells more."))
    _say_hidden(choices, fails, wish)
    _say_rides(wish)
    if found.empty:
        _show_none(choices, fails, place, wish)
        return
    _say_tradeoffs(found)
    _show_list_and_map(found, place, wish, today)
    offer_takeaway(found, wish, today)
    report_mistake(found, today)


def _say_hidden(choices: pd.DataFrame, fails: pd.DataFrame, wish: Wish) -> None:
    sentences = hidden_words(clinics_hidden(choices, fails), wish)
    if sentences:
        st.caption(escape_markdown(say("Of the clinics within 4 hours: {hidden}.", hidden="; ".join(sentences))))


def _say_rides(wish: Wish) -> None:
    if not wish.has_driver or not wish.has_car:
        st.info(
            say(
                "Our drives are by car; bus times are not in our data. Ask each clinic which rides home it allows. "
                "Medicaid must help people who have no other way to their care (42 CFR 431.53): ask your plan for a "
                "ride. Hospitals want an adult with you for ECT, not a taxi alone."
            )
        )


def _show_none(choices: pd.DataFrame, fails: pd.DataFrame, place: Place, wish: Wish) -> None:
    st.warning(say("None in our data fits. There may still be care: ask your doctor, and search findtreatment.gov."))
    ways = relaxations(choices, fails)
    for number, one in enumerate(ways):
        label = escape_markdown(relaxation_words(one, wish))
        st.button(label, key=f"relax {number}", on_click=give_up, args=(one.given_up,))
    if not ways:
        _show_far_clinics(place, wish)


def _show_far_clinics(place: Place, wish: Wish) -> None:
    st.write(say("Nor does our data hold one within 4 hours by road. The nearest in a straight line:"))
    far = nearest_by_air(pack_in_use(), place.latitude, place.longitude, wish)
    for clinic in far.astype(object).where(far.notna(), None).to_dict("records"):
        where = ", ".join(part for part in (clinic["city"], clinic["state"]) if part)
        away = say("{miles} miles in a straight line", miles=f"{miles(clinic['straight_km']):,.0f}")
        call = clinic["phone"] or say("phone not in our data")
        st.markdown(f"- {escape_markdown(clinic['name'])}, {escape_markdown(where)}: {away}; {escape_markdown(call)}")
    st.write(say("Ask if a first visit by video is possible, and who pays for travel and a stay."))


def _say_tradeoffs(found: pd.DataFrame) -> None:
    best = found[found["is_best"]].drop_duplicates(["patient_minutes", "usd_central"]).sort_values("patient_minutes")
    if best.empty:
        return
    with st.expander(say("Best trade-offs of your time and money")):
        lines = [
            say(
                "{choice}: {hours}, {cost}",
                choice=choice_name(row),
                hours=hours_words(row["patient_minutes"]),
                cost=short_cost(row),
            )
            for row in best.to_dict("records")
        ]
        st.markdown("\n".join(f"- {escape_markdown(line)}" for line in lines))
        unknown = say_many(
            "{number} choice has no known cost and is not weighed.",
            "{number} choices have no known cost and are not weighed.",
            int(found["usd_central"].isna().sum()),
        )
        st.caption(
            say(
                "No other choice here takes less of your time and also costs less. Benefit is not weighed: "
                "ask your doctor."
            )
            + f" {unknown}"
        )


def _show_list_and_map(found: pd.DataFrame, place: Place, wish: Wish, today: date) -> None:
    count = found["clinic_id"].nunique()
    ids = found["clinic_id"].drop_duplicates()
    first = ids if st.session_state.get("all_cards") else ids.head(MOST_SHOWN)
    shown = found[found["clinic_id"].isin(first)]
    cards, drawing = st.columns([3, 2])
    with cards:
        _show_cards(shown, wish, today)
        if count > MOST_SHOWN:
            st.toggle(say("Show all {number}", number=count), key="all_cards")
    with drawing:
        once = shown.drop_duplicates("clinic_id").reset_index(drop=True)
        box = bounds_around(once, place)
        draw_map(care_layers(once, place), title=say("Clinics near you"), key="care", bounds=box, height=420)


def _show_cards(shown: pd.DataFrame, wish: Wish, today: date) -> None:
    """One list; or two, where a payer is asked for: who states that it takes it, and who does not say."""
    services = pack_in_use().services
    sure = confidence(services[services["clinic_id"].isin(shown["clinic_id"])], today)
    if wish.payer is None or wish.only_stated:
        st.html(care_cards(shown, today, payer=wish.payer, sure=sure))
        return
    payer = say(PAYERS[wish.payer])
    first = 1
    heads = {
        True: say("State that they take {payer}", payer=payer),
        False: say("Do not say if they take {payer}: ask", payer=payer),
    }
    for is_stated, head in heads.items():
        part = shown[shown["is_stated"] == is_stated]
        if not part.empty:
            st.html(Markup("<h3>{}</h3>").format(head))
            st.html(care_cards(part, today, payer=wish.payer, first=first, sure=sure))
            first += part["clinic_id"].nunique()
