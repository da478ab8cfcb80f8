"""The frame of a page: title, language, crisis line, and the one place that shows an error."""

import json
import logging
import re
import traceback
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from access.errors import AccessError
from access.language import LANGUAGES, SOURCE_LANGUAGE, language, mark, say, set_language

CRISIS_LINE = mark(
    "If you are thinking about suicide or are in crisis, **call or text 988** or chat at "
    "[988lifeline.org](https://988lifeline.org). In immediate danger **call 911**. "
    "Veterans: 988 then 1, or text 838255. En español: 988, luego 2."
)
PAGES = {
    mark("Start"): "app.py",
    mark("Find care"): "pages/1_Find_care.py",
    mark("Treatments"): "pages/5_Treatments.py",
    mark("Access gaps"): "pages/2_Access_gaps.py",
    mark("Scenarios"): "pages/3_Scenarios.py",
    mark("Data and methods"): "pages/4_Data_and_methods.py",
    mark("Privacy"): "pages/6_Privacy.py",
}
UNFORESEEN = mark(
    "Something went wrong on this page, and it is our fault. Load the page again; your data is untouched."
)


# What the manifests of our packs say, so that it has translations too.
_PACKS = (
    mark("United States and Puerto Rico, Census 2020 block groups"),
    mark("United States and Puerto Rico, Census 2020 tracts"),
    *(mark("block group"), mark("tract")),
)
_LANGUAGE = "language"
_STATIC = Path(__file__).parents[1] / "static"
# In the page itself: a file that Streamlit serves is dropped when the page runs again, maybe before it was asked for.
_ICON = "data:image/png;base64," + b64encode((_STATIC / "icon.png").read_bytes()).decode()
_SCRIPT = (_STATIC / "app.js").read_text(encoding="utf-8")
_LOG = logging.getLogger("trd_access")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@contextmanager
def page(title: str) -> Iterator[None]:
    """The frame of one page: its title, icon and language, the crisis line, and errors as one sentence each.

    `title`: in English; it is shown in the visitor's language.
    """
    set_language(language_in_use())
    shown = say(title)
    st.set_page_config(page_title=f"{shown} · TRD Access", page_icon=_ICON, layout="wide")
    st.html(_STATIC / "app.css")
    script = f"document.documentElement.lang = {json.dumps(language())};{_SCRIPT}"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name in PAGES:
            link_to_page(name)
        _offer_languages()
    st.title(shown)
    st.info(say(CRISIS_LINE))
    with show_errors():
        yield


def language_in_use() -> str:
    """The language that this visitor chose, else that of the link they came by (`?lang=es`), else English."""
    return st.session_state.get(_LANGUAGE) or st.query_params.get("lang") or SOURCE_LANGUAGE


def link_to_page(name: str) -> None:
    """A link to the page of that name that keeps what the visitor has done so far."""
    # A page that is run by itself, as tests do, has no others to lead to.
    with suppress(StreamlitPageNotFoundError):
        st.page_link(PAGES[name], label=say(name))


def _offer_languages() -> None:
    """The other languages by their own names; a choice lasts as long as the visit, and a link can carry it."""
    st.session_state[_LANGUAGE] = language()
    for code, name in LANGUAGES.items():
        if code != language():
            st.button(name, key=f"language {code}", type="tertiary", on_click=_choose_language, args=(code,))


def _choose_language(code: str) -> None:
    st.session_state[_LANGUAGE] = code
    st.query_params["lang"] = code


@contextmanager
def show_errors() -> Iterator[None]:
    """Shows what goes wrong inside as one plain sentence; for the body of a fragment, which reruns without its page."""
    set_language(language_in_use())
    try:
        yield
    except Exception as failure:  # noqa: BLE001 - the one place where every failure becomes a sentence
        show_failure(failure)


def show_failure(failure: Exception) -> bool:
    """Says on the page what went wrong; True: it has been said."""
    if isinstance(failure, AccessError):
        st.error(escape_markdown(str(failure)))
    else:
        # Where it failed, but not the message: that may hold a place somebody searched for.
        where = "".join(traceback.format_tb(failure.__traceback__))
        _LOG.error("A page failed with %s:\n%s", type(failure).__name__, where)
        st.error(say(UNFORESEEN))
    return True


def escape_markdown(text: str) -> str:
    """The text as Markdown that shows it as it is; only a bare web address becomes a link."""
    return _MARKDOWN.sub(r"\\\1", text)
