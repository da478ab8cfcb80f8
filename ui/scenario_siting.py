"""Where next: the visitor asks for the best further sites, sees how near the best possible they are, and takes them."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from access.documents.html_tables import html_table
from access.language import mark, say
from access.questions.siting import (
    CANDIDATES,
    candidates_named,
    scenario_of,
    siting_data_of,
    where_next,
)
from access.questions.view import ADULT_SHARE
from access.questions.what_if import Baseline, Outcome, baseline_after
from access.scenarios.siting.best import Siting
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.frontier import frontier
from access.scenarios.siting.question import ADULT_OBJECTIVES, OBJECTIVES, OBJECTIVES_WITH_LIMIT, SitingQuestion
from access.scenarios.siting.stability import stability
from access.words.siting import (
    frontier_for_people,
    sites_for_people,
    siting_sentences,
    stability_for_people,
    stability_sentences,
)
from ui import scenario_draft
from ui.frame import escape_markdown

MOST_SITES = 20
_CANDIDATES = {
    "towns": mark("new sites in towns"),
    "hospitals": mark("hospitals in our data that could add it"),
    "clinics": mark("psychiatric clinics in our data that could add it"),
}
# Sent to the browser as they are made; a longer proof belongs in the terminal.
_SECONDS = 15.0
_DRAWS = 30


@dataclass(frozen=True)
class _SitingAnswer:
    """An answer, and what it was asked of: after another edit it is no answer any more."""

    asked: tuple[object, ...]
    siting: Siting


def ask_where_next(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome) -> None:
    """The question, the sites in the order to open them, and a button that adds them to the scenario."""
    question, candidates = _ask_question(asked, base.treatment)
    key = (base.pack.name, asked, question, candidates, found.scenario.edits)
    if st.button(say("Find them"), type="primary"):
        with st.spinner(say("Looking for the best sites, and for a proof")):
            st.session_state["plan_answer"] = _SitingAnswer(key, _find_sites(asked, base, found, question, candidates))
    answer: _SitingAnswer | None = st.session_state.get("plan_answer")
    if answer is None or answer.asked != key:
        st.caption(say("The sites that give the treatment after your changes stay; the answer comes in seconds."))
        return
    for sentence in siting_sentences(answer.siting):
        st.write(escape_markdown(sentence))
    if answer.siting.sites.empty:
        return
    st.html(html_table(sites_for_people(answer.siting), say("The order in which to open")))
    st.button(say("Add these to the scenario"), on_click=_take_sites, args=(answer.siting, base.treatment))
    _look_closer(answer.siting, lambda: _siting_data(asked, base, found, candidates))
    st.code(_site_command(asked, base, question, candidates), language=None)


def _ask_question(asked: scenario_draft.ScenarioInputs, treatment: str) -> tuple[SitingQuestion, str]:
    left, middle, right = st.columns(3)
    count = left.number_input(say("How many sites"), 1, MOST_SITES, 3)
    offered = [one for one in OBJECTIVES if one not in ("everyone", *([] if treatment == "esketamine" else ["starts"]))]
    objective = middle.selectbox(say("What they should do"), offered, format_func=lambda one: say(OBJECTIVES[one]))
    candidates = right.selectbox(say("Where"), list(CANDIDATES), format_func=lambda one: say(_CANDIDATES[one]))
    apart = st.number_input(say("Kilometres at least between two new sites"), 0.0, 500.0, 0.0)
    question = SitingQuestion(
        objective=objective,
        within=asked.limit if objective in OBJECTIVES_WITH_LIMIT else None,
        count=int(count),
        apart_km=apart,
        adult_share=ADULT_SHARE if objective in ADULT_OBJECTIVES else None,
        seconds=_SECONDS,
    )
    return question, candidates


def _look_closer(siting: Siting, ground: Callable[[], SitingData]) -> None:
    """What more or fewer sites would bring, and how stable the answer is: each when it is asked for."""
    question = siting.question
    left, right = st.columns(2)
    if left.button(say("More or fewer sites")):
        with st.spinner(say("Looking for the best sites of each number")):
            table = frontier(question, ground(), counts=range(1, len(siting.sites) + 4))
        title = say("What each number of sites brings, each chosen anew")
        st.html(html_table(frontier_for_people(table, question.objective), title))
    if question.objective != "worst" and right.button(say("How stable is this answer?")):
        with st.spinner(say("Asking again in uncertain worlds")):
            stable = stability(siting, ground(), draws=_DRAWS)
        for sentence in stability_sentences(stable):
            st.write(escape_markdown(sentence))
        st.html(html_table(stability_for_people(stable), say("How often each site is chosen")))


def _siting_data(asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome, candidates: str) -> SitingData:
    standing = baseline_after(base, found)
    return siting_data_of(standing, candidates_named(standing, candidates, state=asked.state))


def _find_sites(
    asked: scenario_draft.ScenarioInputs, base: Baseline, found: Outcome, question: SitingQuestion, candidates: str
) -> Siting:
    standing = baseline_after(base, found)
    return where_next(
        standing, question, siting_data_of(standing, candidates_named(standing, candidates, state=asked.state))
    )


def _take_sites(siting: Siting, treatment: str) -> None:
    for edit in scenario_of(siting, treatment).edits:
        scenario_draft.add_edit(lambda edit=edit: edit)


def _site_command(
    asked: scenario_draft.ScenarioInputs, base: Baseline, question: SitingQuestion, candidates: str
) -> str:
    parts = [f"trd-access site --scenario scenario.yaml -t {base.treatment} --add {question.count}"]
    parts += [f"--objective {question.objective} --candidates {candidates}"]
    parts += [f"--within {question.within:g}min"] if question.within is not None else []
    parts += [f"--apart-km {question.apart_km:g}"] if question.apart_km else []
    parts += [f"--adult-share {question.adult_share:g}"] if question.adult_share is not None else []
    parts += [f"--state {asked.state}"] if asked.state else []
    return " ".join([*parts, f"--pack {base.pack.name}"])
