"""How the list of clinics is kept true: its sources asked again, what has changed, and what people corrected."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from access.documents.html_tables import html_table
from access.documents.safe_csv import csv_bytes
from access.language import mark, say, say_many
from access.places.directory.corrections import Correction, read_corrections, save_corrections
from access.places.directory.mistake_reports import (
    MISTAKES,
    accept_report,
    dismiss_report,
    open_reports,
)
from access.places.directory.refresh import SOURCES_TO_ASK, RefreshedPack, refresh_clinics
from access.places.pack import Pack
from access.vocabulary import CHANGE_KINDS, SOURCES, STATES
from ui.caches import directory_history, gazetteer, use_pack
from ui.controls import offer_download
from ui.frame import escape_markdown, show_errors
from ui.keeper import may_change_data

_MOST_SHOWN = 50
_DONE_KEY = "directory_refreshed"


def show_directory(pack: Pack) -> None:
    """The section: when the sources were last asked, a button for the keeper, changes, and corrections."""
    st.header(say("How the list of clinics is kept true"))
    if asked := pack.manifest.refreshed_on:
        st.write(say("The sources of these clinics were last asked on {date}.", date=asked))
    else:
        built = pack.manifest.built_on
        st.write(say("The sources have not been asked since these data were put together on {date}.", date=built))
    with show_errors():
        if may_change_data():
            _offer_refresh(pack)
        else:
            st.caption(say("Whoever runs this page asks the sources again with: `trd-access data refresh`."))
        _show_changes(pack)
    with show_errors():
        _show_corrections()
        if may_change_data():
            _show_reports()


def _offer_refresh(pack: Pack) -> None:
    _tell_done()
    with st.form("refresh", border=False):
        sources = st.multiselect(
            say("Sources to ask (none chosen: all)"), list(SOURCES_TO_ASK), format_func=lambda one: say(SOURCES[one])
        )
        states = st.multiselect(
            say("States (none chosen: all)"), list(STATES), format_func=lambda code: STATES[code], key="refresh_states"
        )
        pressed = st.form_submit_button(say("Ask the sources again"), type="primary")
    st.caption(
        say(
            "A source that does not answer leaves what it said before. What a source no longer has is marked, "
            "not taken away."
        )
    )
    if pressed:
        _refresh_clinics(pack, sources, states)


def _refresh_clinics(pack: Pack, sources: list[str], states: list[str]) -> None:
    bar = st.progress(0.0, text=say("The sources are asked."))

    def show_step(what: str, done: int, whole: int | None) -> None:
        bar.progress(min(1.0, done / whole) if whole else 0.0, text=escape_markdown(what))

    done = refresh_clinics(pack.name, sources=sources or None, states=states or None, progress=show_step, again=True)
    use_pack(done.pack.name)
    st.session_state[_DONE_KEY] = done
    st.rerun()


def _tell_done() -> None:
    done: RefreshedPack | None = st.session_state.pop(_DONE_KEY, None)
    if done is None:
        return
    for source, why in done.failures.items():
        name = say(SOURCES[source])
        st.warning(
            say("{source} could not be read; what it said before stays. {why}", source=name, why=escape_markdown(why))
        )
    counts = done.changes["change"].value_counts()
    told = "; ".join(f"{say(CHANGE_KINDS[change])}: {counts[change]:,}" for change in CHANGE_KINDS if change in counts)
    st.success(say("The sources were asked. {changes}", changes=told or say("Nothing has changed.")))


def _show_changes(pack: Pack) -> None:
    changes = directory_history(pack)
    if changes.empty:
        return
    day = changes["day"].max()
    last = changes[changes["day"].eq(day)]
    words = {"source": SOURCES, "change": CHANGE_KINDS}
    shown = last[["name", "state", "change", "field", "before", "after", "source"]].fillna("")
    shown = shown.assign(**{name: shown[name].map(lambda one, of=of: say(of[one])) for name, of in words.items()})
    heads = [mark("clinic"), mark("state"), mark("change"), mark("fact"), mark("before"), mark("after"), mark("source")]
    count = say_many("{number} change on {date}", "{number} changes on {date}", len(last), date=day)
    with st.expander(count):
        st.html(html_table(shown.head(_MOST_SHOWN).set_axis([say(head) for head in heads], axis=1), count))
        if len(last) > _MOST_SHOWN:
            st.caption(say("The file has all {number}, and those of earlier days.", number=f"{len(changes):,}"))
        offer_download(say("All changes (CSV)"), "changes.csv", lambda: csv_bytes(changes))


def _show_corrections() -> None:
    made = read_corrections()
    if not made:
        return
    count = say_many("{number} correction counts", "{number} corrections count", len(made))
    with st.expander(count):
        table = pd.DataFrame([one.model_dump() for one in made], columns=list(Correction.model_fields))
        shown = table[["clinic_id", "kind", "when", "who", "why"]].assign(
            kind=[say(MISTAKES[one.kind]) for one in made]
        )
        heads = [mark("clinic"), mark("what"), mark("when"), mark("who"), mark("how it is known")]
        st.html(html_table(shown.set_axis([say(head) for head in heads], axis=1), count))
        offer_download(say("Corrections (CSV)"), "corrections.csv", lambda: csv_bytes(table))
        if may_change_data():
            names = [f"{number}. {one.clinic_id}: {say(MISTAKES[one.kind])}" for number, one in enumerate(made, 1)]
            chosen = st.selectbox(say("A correction"), names, key="correction_chosen")
            if st.button(say("Take it back")) and chosen:
                number = names.index(chosen)
                save_corrections([*made[:number], *made[number + 1 :]])
                st.rerun()


def _show_reports() -> None:
    waiting = open_reports()
    if waiting.empty:
        return
    count = say_many("{number} report waits for you", "{number} reports wait for you", len(waiting))
    with st.expander(count):
        shown = waiting.reset_index().assign(kind=[say(MISTAKES[kind]) for kind in waiting["kind"]])
        heads = [mark("number"), mark("clinic"), mark("when"), mark("how it is known"), mark("what")]
        heads += [mark("what it is now"), mark("who")]
        st.html(html_table(shown.set_axis([say(head) for head in heads], axis=1), count))
        number = st.selectbox(say("A report"), waiting.index.tolist(), key="report_chosen")
        accepts, dismisses = st.columns(2)
        today = datetime.now(UTC).date()
        if accepts.button(say("Accept it: it counts from now on")):
            accept_report(number, today, gazetteer())
            st.rerun()
        if dismisses.button(say("Settle it without a change")):
            dismiss_report(number, today)
            st.rerun()
