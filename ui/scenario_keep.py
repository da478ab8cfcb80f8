"""Scenarios side by side, kept on the server under a name, and taken away as files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from access.documents.html_tables import html_table
from access.documents.scenario_report import report_html, report_pdf, report_words
from access.errors import AccessError
from access.language import LANGUAGES, say, use_language
from access.questions.effects import MOST_SCENARIOS, scenario_comparison
from access.questions.what_if import Baseline, Outcome, outcome_of_applied
from access.scenarios.apply import fit_scenario
from access.scenarios.plain_yaml import LARGEST_BYTES
from access.scenarios.scenario import Scenario, locate_towns, parse_scenario, scenario_text
from access.words.scenarios import scenarios_for_people
from ui import scenario_draft
from ui.caches import scenario_store
from ui.controls import offer_download
from ui.frame import escape_markdown, show_errors


def compare_scenarios(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    """Up to four scenarios beside how things stand: those set aside, and the one that is being built."""
    aside: list[Scenario] = st.session_state.setdefault("plans_aside", [])
    name = st.text_input(say("Name of the scenario on this page"), value=found.scenario.name, max_chars=80)
    current = found.scenario.model_copy(update={"name": name.strip() or found.scenario.name})
    st.session_state["plan_name"] = current.name
    full = len(aside) >= MOST_SCENARIOS - 1
    empty = not current.edits
    with st.container(horizontal=True):
        st.button(say("Set aside to compare"), on_click=aside.append, args=(current,), disabled=full or empty)
        st.button(say("Set aside and begin anew"), on_click=_set_aside, args=(current,), disabled=full or empty)
    for number, one in enumerate(aside):
        words, again, gone = st.columns([3, 1, 1])
        words.write(say("{name}: {count} changes", name=escape_markdown(one.name), count=len(one.edits)))
        again.button(say("Open"), key=f"aside open {number}", on_click=scenario_draft.take_up_scenario, args=(one,))
        gone.button(say("Put away"), key=f"aside gone {number}", on_click=aside.pop, args=(number,))
    fit = [fit_scenario(one, base.pack.clinics, base.pack.services) for one in aside]
    outcomes = [outcome_of_applied(base, one) for one in fit]
    outcomes += [replace(found, scenario=current)] if current.edits else []
    table = scenarios_for_people(scenario_comparison(base, outcomes, asked.limit), asked.limit)
    st.html(html_table(table.reset_index(), say("Scenarios side by side")))
    st.caption(say("The cost is not stated where one of the changes does not state its own. Drives are estimates."))


def keep_scenario(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    """Save on the server with a name and a note, open what is kept there, and files to take away or bring back."""
    _save(found.scenario)
    _show_kept()
    st.markdown(f"**{say('Files')}**")
    scenario = found.scenario
    with st.container(horizontal=True):
        offer_download(say("Scenario (YAML)"), "scenario.yaml", lambda: scenario_text(scenario).encode())
        for code, spoken in LANGUAGES.items():
            for form, make in (("pdf", report_pdf), ("html", report_html)):
                label = say("Report ({language}, {form})", language=spoken, form=form.upper())
                offer_download(label, f"scenario_{code}.{form}", _report_maker(asked, base, found, code, make))
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
        with show_errors():
            _save_as(scenario.model_copy(update={"name": name.strip() or scenario.name}), author, note)


def _save_as(scenario: Scenario, author: str, note: str) -> None:
    from access.scenarios.store.versions import save_version

    began = st.session_state.get("plan_began", ("", 0))
    after = began[1] if began[0] == scenario.name else 0
    saved = save_version(
        scenario_store(), scenario.name, scenario_text(scenario), author=author, note=note, after=after
    )
    st.session_state["plan_began"] = (saved.name, saved.version)
    st.session_state["plan_name"] = saved.name
    st.success(say("{name} is kept as version {version}.", name=escape_markdown(saved.name), version=saved.version))


def _show_kept() -> None:
    from access.scenarios.store.versions import latest_versions, load_version, version_history

    rows = latest_versions(scenario_store())
    if rows.empty:
        st.caption(say("Nothing is kept here yet."))
        return
    told = {row.name: f"{row.name} ({row.author}, {row.saved_at:%Y-%m-%d %H:%M} UTC)" for row in rows.itertuples(False)}
    name = st.selectbox(say("Kept here"), list(told), format_func=told.get, key="kept_name")
    versions = version_history(scenario_store(), name)
    numbers = [int(number) for number in versions["version"][::-1]]
    version = st.selectbox(say("Version"), numbers, key="kept_version")
    row = versions[versions["version"] == version].iloc[0]
    st.caption(escape_markdown(f"{row['author']}, {row['saved_at']:%Y-%m-%d %H:%M} UTC. {row['note']}"))
    if st.button(say("Open this version")):
        saved = load_version(scenario_store(), name, version)
        _open_text(saved.document, saved.name, (saved.name, max(numbers)))
        st.rerun(scope="fragment")


def _open_text(text: str, where: str, began: tuple[str, int] = ("", 0)) -> None:
    try:
        read = locate_towns(parse_scenario(text, where), scenario_draft.find_typed_place)
    except AccessError as failure:
        scenario_draft.say_on_page(str(failure))
        return
    scenario_draft.take_up_scenario(read, began)


def _set_aside(scenario: Scenario) -> None:
    st.session_state["plans_aside"].append(scenario)
    scenario_draft.take_up_scenario(Scenario())


def _report_maker(
    asked: scenario_draft.ScenarioInputs,
    base: Baseline,
    found: Outcome,
    code: str,
    make: Callable[[dict[str, Any]], bytes],
) -> Callable[[], bytes]:
    def make_report() -> bytes:
        with use_language(code):
            return make(report_words(base, found, asked.limit, asked.state, datetime.now(UTC).date()))

    return make_report
