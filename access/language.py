"""The language people are spoken to in: sentences stand in English in the code, and in `locale/` in the others."""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final[dict[str, str]] = {"en": "English", "es": "Español"}
SOURCE_LANGUAGE: Final = "en"
_CURRENT: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


def say(text: str, **values: object) -> str:
    """The sentence in the current language, `{name}` filled in from `values`; as it stands where it has no translation.

    Only `text` is translated: what `values` hold is data and stays as it is.
    """
    spoken = _catalog(_CURRENT.get()).gettext(text)
    return spoken.format(**values) if values else spoken


def say_many(one: str, many: str, number: int, **values: object) -> str:
    """As `say`, in the form that the language uses for `number`, which `{number}` shows with its thousands parted."""
    spoken = _catalog(_CURRENT.get()).ngettext(one, many, number)
    return spoken.format(number=f"{number:,}", **values)


def mark(text: str) -> str:
    """The text itself: marks a constant for translation, which `say` does when it is shown."""
    return text


def language() -> str:
    """The code of the current language."""
    return _CURRENT.get()


def set_language(code: str) -> None:
    """From now on, in this thread, `say` speaks this language; one that we do not have: English."""
    _CURRENT.set(code if code in LANGUAGES else SOURCE_LANGUAGE)


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """`set_language` until the block ends."""
    before = _CURRENT.set(code if code in LANGUAGES else SOURCE_LANGUAGE)
    try:
        yield
    finally:
        _CURRENT.reset(before)


def catalog_file(code: str) -> Path:
    """The translations into a language: in an installed package, else in the checkout."""
    installed = Path(__file__).parent / "locale"
    folder = installed if installed.is_dir() else Path(__file__).parents[1] / "locale"
    return folder / code / "LC_MESSAGES" / "trd_access.po"


@cache
def _catalog(code: str) -> gettext.NullTranslations:
    if code == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    with catalog_file(code).open("rb") as text:
        written = read_po(text, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
