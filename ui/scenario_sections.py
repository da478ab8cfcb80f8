"""What stands under the map of Scenarios, one part at a time, so that only what is looked at is worked out."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from access.documents.html_tables import html_table
from access.language import mark, say
from access.measures.regimens import DEFAULT_REGIMENS
from access.measures.uptake import EVIDENCE
from access.questions import effects
from access.questions.view import ADULT_SHARE
from access.questions.what_if import Baseline, Outcome
from access.scenarios.clinic_load import STARTING_SHARE, criticality, load_by_clinic, with_capacity
from access.scenarios.edits import OpenClinic, clinic_ids_of
from access.words import scenarios
from ui import scenario_draft, scenario_keep, scenario_siting
from ui.controls import clinic_names


def show_section(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    """The part that the visitor has chosen."""
    names = list(SECTIONS)
    chosen = st.segmented_control(say("Look closer"), names, default=names[0], format_func=say, key="plan_part")
    if chosen:
        SECTIONS[chosen](asked, base, found)


def _show_by_rurality(_: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    table = scenarios.effects_for_people(effects.people_by_limit(base, found), "rurality")
    _show_table(table, say("People within 30, 60, 90 and 120 minutes"))
    before, after = effects.gaps_around(base, found)
    _show_table(scenarios.gaps_for_people(before, after), say("Median minutes to the nearest clinic"))
    _show_table(scenarios.gap_differences(before, after), say("How far the country stands from the city"))
    if base.treatment == "esketamine":
        _show_table(scenarios.starts_for_people(effects.starts_around(base, found)), say("Expected esketamine starts"))
        st.caption(say("Starts: {evidence}. An association, not an effect.", evidence=EVIDENCE))


def _show_by_state(_: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    table = scenarios.effects_for_people(effects.people_by_limit(base, found, "state"), "state")
    _show_table(table, say("States where anybody gains or loses"))


def _show_by_payer(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    table = scenarios.effects_for_people(effects.people_by_payer(base, found, [asked.limit]), "payer")
    _show_table(table, say("Of all people, those near a clinic that states it takes a payer"))
    st.caption(say("What no source states is left out: such a clinic may take the payer or not."))


def _show_load(_: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    regimen = DEFAULT_REGIMENS.get(base.treatment)
    if regimen is None:
        st.write(say("No source of ours gives the course of this treatment, so its load is not known."))
        return
    starting = st.number_input(
        say("Patients who begin a course in a year, per 100 (your assumption; no source gives it)"),
        min_value=0.0,
        max_value=100.0,
        value=100 * STARTING_SHARE,
    )
    load = load_by_clinic(found.before["clinic_id"], found.after["clinic_id"], base.people)
    told = with_capacity(load, found.services, regimen, adult_share=ADULT_SHARE, starting=starting / 100)
    _show_table(scenarios.load_for_people(told, _clinic_namer(found)), say("Clinics whose load changes"))
    st.caption(
        say(
            "Each person is counted at the nearest clinic. Sessions a week, an estimate: people, of whom {adults} % "
            "are adults and 1.15 % of those patients, times your assumption, times {sessions} sessions, over 52 weeks.",
            adults=f"{100 * ADULT_SHARE:.1f}",
            sessions=f"{regimen.sessions:g}",
        )
    )


def _show_criticality(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    table = criticality(base.trips_to(found.giving), base.people, asked.limit)
    limit = f"{asked.limit:g}"
    title = say("The twenty clinics whose closing would take most people out of {limit} minutes", limit=limit)
    _show_table(scenarios.criticality_for_people(table, _clinic_namer(found)), title)
    st.caption(say("After your changes, each clinic closed alone. Drives are estimates."))


def _clinic_namer(found: Outcome) -> Callable[[str], str]:
    opened = {
        one: edit.name for edit in found.scenario.edits if isinstance(edit, OpenClinic) for one in clinic_ids_of(edit)
    }
    names = {**clinic_names(found.clinics), **opened}
    return lambda clinic_id: names.get(clinic_id, clinic_id)


def _show_table(table: pd.DataFrame, title: str) -> None:
    if table.empty:
        st.write(say("{table}: none.", table=title))
    else:
        st.html(html_table(table.reset_index(), title))


SECTIONS: dict[str, Callable[[scenario_draft.ScenarioInputs, Baseline, Outcome], None]] = {
    mark("Who gains and loses"): _show_by_rurality,
    mark("By state"): _show_by_state,
    mark("By payer"): _show_by_payer,
    mark("Load of clinics"): _show_load,
    mark("If a clinic closed"): _show_criticality,
    mark("Where next"): scenario_siting.ask_where_next,
    mark("Side by side"): scenario_keep.compare_scenarios,
    mark("Keep and share"): scenario_keep.keep_scenario,
}
