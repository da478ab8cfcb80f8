"""A person's words in the cells of a list, as the words of our tables; what is not understood stays as it is."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import pandas as pd

from access.sources.lists.columns import key_of
from access.vocabulary import PAYERS, PRECISIONS, SETTINGS, TREATMENTS

_TREATMENTS: Final = {
    "ketamine_iv": ("iv ketamine", "ketamine infusion", "ketamine infusions", "ketamine infusion therapy"),
    "ketamine_im": ("im ketamine", "ketamine injection", "ketamine injections", "intramuscular ketamine"),
    "esketamine": ("spravato", "esketamine nasal spray", "esketamine spravato", "spravato esketamine"),
    "tms": ("rtms", "transcranial magnetic stimulation", "deep tms", "dtms"),
    "ect": ("electroconvulsive therapy",),
}
_PAYERS: Final = {
    "private": ("private insurance", "commercial", "commercial insurance", "private health insurance"),
    "tricare": ("military", "military insurance"),
    "va": ("veterans affairs", "veterans administration", "va funds"),
    "self_pay": ("cash", "cash pay", "out of pocket", "private pay"),
    "sliding_scale": ("sliding fee", "sliding fee scale"),
}
_SETTINGS: Final = {
    "academic": ("university", "academic medical center"),
    "community": ("cmhc", "community mental health center"),
    "va": ("va medical center", "va hospital"),
}
_SEPARATORS: Final = re.compile(r"[|;,\n/]")
_SHORT_ZIP: Final = re.compile(r"[0-9]{3,4}")
_DOLLARS: Final = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]*)?\s*(?:usd)?", re.IGNORECASE)
_MOST_CHARACTERS: Final = 2_000


def translate_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows (all columns of `access.sources.lists.curated`, text) in our words: several treatments or payers
    parted by
    ; , / or | are joined by |, a price loses its dollar sign, a ZIP gets back the zeros that spreadsheets drop.

    A cell that is not understood, or is too long to be one, stays as it is, and the rules refuse it.
    """
    changes: dict[str, Callable[[str], str]] = {
        "treatments": _list_translator(TREATMENTS, _TREATMENTS),
        "payers": _list_translator(PAYERS, _PAYERS),
        "payers_refused": _list_translator(PAYERS, _PAYERS),
        "setting": _word_translator(SETTINGS, _SETTINGS),
        "location_precision": _word_translator(PRECISIONS, {}),
        "capacity_per_week": lambda cell: "|".join(part.strip() for part in re.split(r"[|;/]", cell) if part.strip()),
        "price_usd": _price_digits,
        "zip": lambda cell: cell.zfill(5) if _SHORT_ZIP.fullmatch(cell) else cell,
        "rems_certified": lambda cell: {"y": "yes", "n": "no"}.get(cell.lower(), cell),
        "telehealth": lambda cell: {"y": "yes", "n": "no"}.get(cell.lower(), cell),
        "speaks_spanish": lambda cell: {"y": "yes", "n": "no"}.get(cell.lower(), cell),
    }
    new = {column: [_change_if_short(cell, change) for cell in rows[column]] for column, change in changes.items()}
    return rows.assign(**{column: pd.Series(cells, index=rows.index, dtype="str") for column, cells in new.items()})


def _change_if_short(cell: str, change: Callable[[str], str]) -> str:
    return change(cell) if len(cell) <= _MOST_CHARACTERS else cell


def _meanings(words: Iterable[str], synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Each word by the key of its own, of what pages call it, and of what else it is called."""
    shown = {**TREATMENTS, **PAYERS, **SETTINGS}
    return {key_of(other): word for word in words for other in (word, shown.get(word, word), *synonyms.get(word, ()))}


def _word_translator(words: Iterable[str], synonyms: Mapping[str, tuple[str, ...]]) -> Callable[[str], str]:
    means = _meanings(words, synonyms)
    return lambda cell: means.get(key_of(cell), cell)


def _list_translator(words: Iterable[str], synonyms: Mapping[str, tuple[str, ...]]) -> Callable[[str], str]:
    means = _meanings(words, synonyms)

    def join_words(cell: str) -> str:
        whole = means.get(key_of(cell))
        if whole:
            return whole
        parts = (part.strip() for part in _SEPARATORS.split(cell))
        return "|".join(dict.fromkeys(means.get(key_of(part), part) for part in parts if part))

    return join_words


def _price_digits(cell: str) -> str:
    found = _DOLLARS.fullmatch(cell)
    return found[1].replace(",", "") + (found[2] or "") if found else cell
