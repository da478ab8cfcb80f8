"""A visitor's own list of clinics: what was understood of it and what is refused; the keeper of the data may add it."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from access.documents.html_tables import html_table
from access.documents.safe_csv import csv_bytes
from access.errors import PackError
from access.language import language, mark, say, say_many
from access.places.directory.own_list import OwnList, import_clinics, parse_own_list, taken_ids
from access.places.pack import Pack, load_pack, pack_names
from access.sources.lists.rows import MOST_BYTES
from access.sources.lists.template import csv_template
from access.vocabulary import SOURCES
from ui.caches import gazetteer, use_pack
from ui.controls import offer_download
from ui.frame import escape_markdown, show_errors
from ui.keeper import may_change_data

_MOST_SHOWN = 50
_KINDS = ["csv", "tsv", "txt", "xlsx", "geojson", "json"]
_READ = "own_list_read"
_ADDED = "own_list_added"
_NAME = "own-list"
# How many lists this visit has added: each has boxes of its own, empty again when the one before is in.
_TURN = "own_list_turn"


def show_own_list(pack: Pack) -> None:
    """The section: a template, a file to look at for this visit, and for the keeper a button that adds it."""
    st.header(say("Your own list"))
    st.write(
        say(
            "Bring the clinics that you know as CSV, XLSX or GeoJSON, and see what we understand of them. "
            "Every row needs the clinic's name, its state and its treatments, and a ZIP, a town or coordinates."
        )
    )
    offer_download(say("Template (CSV)"), "clinics_template.csv", csv_template)
    if added := st.session_state.pop(_ADDED, None):
        st.success(
            say_many(
                "{number} clinic of your list is in the data {pack}, which is now in use.",
                "{number} clinics of your list are in the data {pack}, which are now in use.",
                added[1],
                pack=added[0],
            )
        )
    turn = st.session_state.get(_TURN, 0)
    # A switch, since the box for files is heavy, and few bring one.
    if st.toggle(say("I have a list to look at"), key=f"own_list_wanted_{turn}"):
        with show_errors():
            _look_at_file(pack, turn)


def _look_at_file(pack: Pack, turn: int) -> None:
    brought = st.file_uploader(
        say("Your list. It stays on the machine that runs this page, for this visit."),
        type=_KINDS,
        max_upload_size=MOST_BYTES // 1_000_000,
        key=f"own_list_{turn}",
    )
    if brought is not None:
        read = _read_once(brought.file_id, brought.getvalue(), brought.name, pack)
        _tell_reading(read)
        _offer_to_add(read, pack)


def _read_once(file_id: str, content: bytes, name: str, pack: Pack) -> OwnList:
    """The list, read once for this visit; the last one alone is kept."""
    key = (file_id, pack.name, pack.manifest.built_on, len(pack.clinics), language())
    kept: tuple[object, OwnList] | None = st.session_state.get(_READ)
    if kept and kept[0] == key:
        return kept[1]
    st.session_state.pop(_READ, None)
    with st.spinner(say("The list is read.")):
        today = datetime.now(UTC).date()
        taken = taken_ids(pack)
        read = parse_own_list(content, name, today=today, taken=taken, gazetteer=gazetteer())
    st.session_state[_READ] = (key, read)
    return read


def _tell_reading(read: OwnList) -> None:
    good = read.rows - read.refused_rows
    told = say_many("{number} row can be used.", "{number} rows can be used.", good)
    if read.refused_rows:
        refused = say_many("{number} row is refused.", "{number} rows are refused.", read.refused_rows)
        st.warning(f"{told} {refused}")
    else:
        st.success(told)
    for note in read.notes:
        st.write(escape_markdown(note))
    if read.passed_over:
        st.write(say("These columns are passed over: {columns}.", columns=escape_markdown(", ".join(read.passed_over))))
    columns = pd.DataFrame({say("your column"): read.theirs.values(), say("is read as"): read.theirs.keys()})
    with st.expander(say("Columns that were understood")):
        st.html(html_table(columns, say("Columns that were understood"), has_words=True))
    if read.refused_rows:
        _tell_refused(read.refused)


def _tell_refused(refused: pd.DataFrame) -> None:
    heads = [mark("row"), mark("column"), mark("what stands there"), mark("why it is refused")]
    shown = refused.set_axis([say(head) for head in heads], axis=1)
    st.html(html_table(shown.head(_MOST_SHOWN), say("Refused, by the rows of your file"), has_words=True))
    more = len(refused) - _MOST_SHOWN
    if more > 0:
        st.caption(say("And {number} more: the file has them all.", number=f"{more:,}"))
    offer_download(say("All that is refused (CSV)"), "refused.csv", lambda: csv_bytes(refused))


def _offer_to_add(read: OwnList, pack: Pack) -> None:
    if not may_change_data():
        st.caption(
            say(
                "This page does not change the data that others see. Whoever runs it can add your list: "
                "`trd-access data import FILE --name mine`."
            )
        )
        return
    name = st.text_input(
        say("Name of the data that you make"), value=_usual_name(pack), max_chars=40, key=f"own_list_name_{pack.name}"
    )
    leave_out = bool(read.refused_rows) and st.checkbox(say("Leave out the refused rows"), key="own_list_leave_out")
    ready = bool(len(read.clinics)) and (leave_out or not read.refused_rows)
    if read.refused_rows and not leave_out:
        st.caption(say("One refused row is enough that nothing is added, unless you leave such rows out."))
    if st.button(say("Add these to my data"), type="primary", disabled=not ready):
        _add_clinics(read, pack, name.strip(), leave_out=leave_out)


def _usual_name(pack: Pack) -> str:
    if _is_own(pack):
        return pack.name
    taken = set(pack_names())
    number = 1
    name = _NAME
    while name in taken:
        number += 1
        name = f"{_NAME}-{number}"
    return name


def _is_own(pack: Pack) -> bool:
    """Whether the pack in use was made of a list already, so that another may be added to it."""
    return any(source.name == SOURCES["own"] for source in pack.manifest.sources)


def _add_clinics(read: OwnList, pack: Pack, name: str, *, leave_out: bool) -> None:
    if name in pack_names() and not (name == pack.name and _is_own(pack)):
        raise PackError(say("There are data named {name} already; choose another name.", name=name))
    made = import_clinics(read, load_pack(pack.name, as_built=True), name, leave_out_refused=leave_out)
    use_pack(made.name)
    st.session_state[_ADDED] = escape_markdown(made.name), len(read.clinics)
    st.session_state.pop(_READ, None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()
