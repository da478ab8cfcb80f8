"""Scenarios side by side, kept on the server under a name, and taken away as files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from access.errors import AccessError
from access.language import LANGUAGES, say, speaking
from access.report.effect_words import scenarios_for_people
from access.report.effects import MOST_COMPARED, side_by_side
from access.report.html_table import html_table
from access.report.scenario_page import report_html, report_pdf
from access.report.scenario_report import scenario_report
from access.report.whatif import Baseline, Outcome, outcome
from access.scenarios.apply import fitting
from access.scenarios.plain_yaml import LARGEST_BYTES
from access.scenarios.scenario import Scenario, scenario_from, scenario_text, settled
from ui import plan
from ui.controls import offer
from ui.data import store
from ui.frame import plain, sentences


def compare(asked: plan.Asked, base: Baseline, found: Outcome) -> None:
    """Up to four scenarios beside how things stand: those set aside, and the one that is being built."""
    aside: list[Scenario] = st.session_state.setdefault("plans_aside", [])
    name = st.text_input(say("Name of the scenario on this page"), value=found.scenario.name, max_chars=80)
    current = found.scenario.model_copy(update={"name": name.strip() or found.scenario.name})
    st.session_state["plan_name"] = current.name
    full, empty = len(aside) >= MOST_COMPARED - 1, not current.edits
    with st.container(horizontal=True):
        st.button(say("Set aside to compare"), on_click=aside.append, args=(current,), disabled=full or empty)
        st.button(say("Set aside and begin anew"), on_click=_set_aside, args=(current,), disabled=full or empty)
    for number, one in enumerate(aside):
        words, again, gone = st.columns([3, 1, 1])
        words.write(say("{name}: {count} changes", name=plain(one.name), count=len(one.edits)))
        again.button(say("Open"), key=f"aside open {number}", on_click=plan.open_scenario, args=(one,))
        gone.button(say("Put away"), key=f"aside gone {number}", on_click=aside.pop, args=(number,))
    fit = [fitting(one, base.pack.clinics, base.pack.services)[0] for one in aside]
    outcomes = [outcome(base, one) for one in fit] + ([replace(found, scenario=current)] if current.edits else [])
    table = scenarios_for_people(side_by_side(base, outcomes, asked.limit), asked.limit)
    st.html(html_table(table.reset_index(), say("Scenarios side by side")))
    st.caption(say("The cost is not stated where one of the changes does not state its own. Drives are estimates."))


def keep(asked: plan.Asked, base: Baseline, found: Outcome) -> None:
    """Save on the server with a name and a note, open what is kept there, and files to take away or bring back."""
    _save(found.scenario)
    _kept()
    st.markdown(f"**{say('Files')}**")
    scenario = found.scenario
    with st.container(horizontal=True):
        offer(say("Scenario (YAML)"), "scenario.yaml", lambda: scenario_text(scenario).encode())
        for code, spoken in LANGUAGES.items():
            for form, make in (("pdf", report_pdf), ("html", report_html)):
                label = say("Report ({language}, {form})", language=spoken, form=form.upper())
                offer(label, f"scenario_{code}.{form}", _report(asked, base, found, code, make))
    brought = st.file_uploader(
        say("Open a scenario file (YAML or JSON)"), type=["yaml", "yml", "json"], key="plan_file"
    )
    if brought and st.button(say("Open this file")):
        _open_text(brought.getvalue()[: LARGEST_BYTES + 1].decode("utf-8", "replace"), brought.name)
        st.rerun(scope="fragment")
    st.markdown(f"**{say('The same from a terminal')}**")
    where = f" --state {asked.state}" if asked.state else ""
    st.code(
        f"trd-access scenario apply scenario.yaml -t {asked.treatment}{where} --within {asked.limit:g}min "
        f"--pack {base.pack.name}",
        language=None,
    )


def _save(scenario: Scenario) -> None:
    st.markdown(f"**{say('Keep it here')}**")
    st.caption(say("Everybody who can open this page can open what is kept here. Write nothing about a patient."))
    left, middle, right = st.columns(3)
    name = left.text_input(say("Name"), value=scenario.name, max_chars=80, key="keep_name")
    author = middle.text_input(say("Who saves it"), max_chars=80, key="keep_author")
    note = right.text_input(say("Note"), max_chars=500, key="keep_note")
    if st.button(say("Save"), type="primary", disabled=not scenario.edits):
        # What goes wrong is said here, so that what is kept can still be opened below.
        with sentences():
            _save_as(scenario.model_copy(update={"name": name.strip() or scenario.name}), author, note)


def _save_as(scenario: Scenario, author: str, note: str) -> None:
    from access.scenarios.store import save

    began = st.session_state.get("plan_began", ("", 0))
    after = began[1] if began[0] == scenario.name else 0
    saved = save(store(), scenario.name, scenario_text(scenario), author=author, note=note, after=after)
    st.session_state["plan_began"] = (saved.name, saved.version)
    st.session_state["plan_name"] = saved.name
    st.success(say("{name} is kept as version {version}.", name=plain(saved.name), version=saved.version))


def _kept() -> None:
    from access.scenarios.store import history, latest, load

    rows = latest(store())
    if rows.empty:
        st.caption(say("Nothing is kept here yet."))
        return
    told = {row.name: f"{row.name} ({row.author}, {row.saved_at:%Y-%m-%d %H:%M} UTC)" for row in rows.itertuples(False)}
    name = st.selectbox(say("Kept here"), list(told), format_func=told.get, key="kept_name")
    versions = history(store(), name)
    numbers = [int(number) for number in versions["version"][::-1]]
    version = st.selectbox(say("Version"), numbers, key="kept_version")
    row = versions[versions["version"] == version].iloc[0]
    st.caption(plain(f"{row['author']}, {row['saved_at']:%Y-%m-%d %H:%M} UTC. {row['note']}"))
    if st.button(say("Open this version")):
        saved = load(store(), name, version)
        _open_text(saved.document, saved.name, (saved.name, max(numbers)))
        st.rerun(scope="fragment")


def _open_text(text: str, where: str, began: tuple[str, int] = ("", 0)) -> None:
    try:
        read = settled(scenario_from(text, where), plan.place_of)
    except AccessError as failure:
        plan.say_on_page(str(failure))
        return
    plan.open_scenario(read, began)


def _set_aside(scenario: Scenario) -> None:
    st.session_state["plans_aside"].append(scenario)
    plan.open_scenario(Scenario())


def _report(
    asked: plan.Asked, base: Baseline, found: Outcome, code: str, make: Callable[[dict[str, Any]], bytes]
) -> Callable[[], bytes]:
    def made() -> bytes:
        with speaking(code):
            return make(scenario_report(base, found, asked.limit, asked.state, datetime.now(UTC).date()))

    return made
