"""What a saved scenario may be: a name, a document, an author and a note that every database and screen can hold."""

import getpass
import re
import unicodedata
from typing import Final

from access.errors import ScenarioError
from access.settings import settings


def default_author() -> str:
    """Who saves where nobody is named: the setting `TRD_ACCESS_AUTHOR`, else the login name.

    Raises
    ------
    ScenarioError
        Neither is known.
    """
    try:
        return settings().author or getpass.getuser()
    except (KeyError, OSError):
        raise ScenarioError("Nobody knows who you are here; set TRD_ACCESS_AUTHOR to your name.") from None


MOST_BYTES: Final = 1_000_000
MOST_NAME: Final = 80
MOST_NOTE: Final = 1000
# YAML allows none of these, a terminal may obey them, and PostgreSQL refuses the first and the surrogates.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def check_name(name: str) -> str:
    """The name in Unicode's composed form, so that one name typed on two machines is one name.

    Raises
    ------
    ScenarioError
        It is empty, longer than 80 characters, or has an unprintable character or a space at an end.
    """
    return _check_line(name, "A scenario's name")


def check_author(author: str) -> str:
    """The author's name, in Unicode's composed form.

    Raises
    ------
    ScenarioError
        As for a scenario's name.
    """
    return _check_line(author, "An author's name")


def check_note(note: str) -> str:
    """The note without space at its ends; it may be empty.

    Raises
    ------
    ScenarioError
        It is longer than 1,000 characters or has an unprintable one.
    """
    words = note.strip()
    if len(words) > MOST_NOTE:
        raise ScenarioError(f"A note has at most {MOST_NOTE:,} characters, this one {len(words):,}; shorten it.")
    return _check_printable(words, "The note")


def check_document(document: str) -> str:
    """The document as it is.

    Raises
    ------
    ScenarioError
        It is empty, over 1 MB in UTF-8, or has a character that no text file has.
    """
    if not document.strip():
        raise ScenarioError("The scenario is empty; nothing was saved. Give a document with text in it.")
    _check_printable(document, "The scenario")
    size = len(document.encode())
    if size > MOST_BYTES:
        raise ScenarioError(f"A scenario has at most {MOST_BYTES:,} bytes, this one {size:,}; make it shorter.")
    return document


def _check_line(words: str, what: str) -> str:
    composed = unicodedata.normalize("NFC", words)
    if not 1 <= len(composed) <= MOST_NAME or not composed.isprintable() or composed != composed.strip():
        raise ScenarioError(
            f"{what} has 1 to {MOST_NAME} printable characters and no space at its ends; {words[:MOST_NAME]!a} "
            "has not. Choose another."
        )
    return composed


def _check_printable(text: str, what: str) -> str:
    found = _UNPRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise ScenarioError(f"{what} has an unprintable character, {found[0]!a}, in line {line}. Take it out.")
    return text
