"""What stands under the map of Scenarios, one part at a time, so that only what is looked at is worked out."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from access.language import mark, say
from access.measures.regimens import DEFAULT_REGIMENS
from access.measures.uptake import EVIDENCE
from access.report import effect_words, effects
from access.report.html_table import html_table
from access.report.view import ADULT_SHARE
from access.report.whatif import Baseline, Outcome
from access.scenarios.edits import OpenClinic, names_of
from access.scenarios.load import STARTING, criticality, load_by_clinic, with_capacity
from ui import plan, plan_keep, plan_siting
from ui.controls import clinic_names


def show_section(asked: plan.Asked, base: Baseline, found: Outcome) -> None:
    """The part that the visitor has chosen."""
    names = list(SECTIONS)
    chosen = st.segmented_control(say("Look closer"), names, default=names[0], format_func=say, key="plan_part")
    if chosen:
        SECTIONS[chosen](asked, base, found)


def _by_rurality(_: plan.Asked, base: Baseline, found: Outcome) -> None:
    table = effect_words.effects_for_people(effects.people_by_limit(base, found), "rurality")
    _table(table, say("People within 30, 60, 90 and 120 minutes"))
    before, after = effects.gaps_around(base, found)
    _table(effect_words.gaps_for_people(before, after), say("Median minutes to the nearest clinic"))
    _table(effect_words.gap_differences(before, after), say("How far the country stands from the city"))
    if base.treatment == "esketamine":
        _table(effect_words.starts_for_people(effects.starts_around(base, found)), say("Expected esketamine starts"))
        st.caption(say("Starts: {evidence}. An association, not an effect.", evidence=EVIDENCE))


def _by_state(_: plan.Asked, base: Baseline, found: Outcome) -> None:
    table = effect_words.effects_for_people(effects.people_by_limit(base, found, "state"), "state")
    _table(table, say("States where anybody gains or loses"))


def _by_payer(asked: plan.Asked, base: Baseline, found: Outcome) -> None:
    table = effect_words.effects_for_people(effects.people_by_payer(base, found, [asked.limit]), "payer")
    _table(table, say("Of all people, those near a clinic that states it takes a payer"))
    st.caption(say("What no source states is left out: such a clinic may take the payer or not."))


def _load(_: plan.Asked, base: Baseline, found: Outcome) -> None:
    regimen = DEFAULT_REGIMENS.get(base.treatment)
    if regimen is None:
        st.write(say("No source of ours gives the course of this treatment, so its load is not known."))
        return
    starting = st.number_input(
        say("Patients who begin a course in a year, per 100 (your assumption; no source gives it)"),
        min_value=0.0,
        max_value=100.0,
        value=100 * STARTING,
    )
    load = load_by_clinic(found.before["clinic_id"], found.after["clinic_id"], base.people)
    told = with_capacity(load, found.services, regimen, adult_share=ADULT_SHARE, starting=starting / 100)
    _table(effect_words.load_for_people(told, _named(found)), say("Clinics whose load changes"))
    st.caption(
        say(
            "Each person is counted at the nearest clinic. Sessions a week, an estimate: people, of whom {adults} % "
            "are adults and 1.15 % of those patients, times your assumption, times {sessions} sessions, over 52 weeks.",
            adults=f"{100 * ADULT_SHARE:.1f}",
            sessions=f"{regimen.sessions:g}",
        )
    )


def _criticality(asked: plan.Asked, base: Baseline, found: Outcome) -> None:
    table = criticality(base.trips_to(found.giving), base.people, asked.limit)
    limit = f"{asked.limit:g}"
    title = say("The twenty clinics whose closing would take most people out of {limit} minutes", limit=limit)
    _table(effect_words.criticality_for_people(table, _named(found)), title)
    st.caption(say("After your changes, each clinic closed alone. Drives are estimates."))


def _named(found: Outcome) -> Callable[[str], str]:
    opened = {one: edit.name for edit in found.scenario.edits if isinstance(edit, OpenClinic) for one in names_of(edit)}
    names = {**clinic_names(found.clinics), **opened}
    return lambda clinic_id: names.get(clinic_id, clinic_id)


def _table(table: pd.DataFrame, title: str) -> None:
    if table.empty:
        st.write(say("{table}: none.", table=title))
    else:
        st.html(html_table(table.reset_index(), title))


SECTIONS: dict[str, Callable[[plan.Asked, Baseline, Outcome], None]] = {
    mark("Who gains and loses"): _by_rurality,
    mark("By state"): _by_state,
    mark("By payer"): _by_payer,
    mark("Load of clinics"): _load,
    mark("If a clinic closed"): _criticality,
    mark("Where next"): plan_siting.ask_where_next,
    mark("Side by side"): plan_keep.compare,
    mark("Keep and share"): plan_keep.keep,
}
