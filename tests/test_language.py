"""What people read is in their language: sentences are translated, data is not, and nothing is left out."""

import re
from threading import Thread

import pytest

from access.language import LANGUAGES, SOURCE_LANGUAGE, language, say, say_many, set_language, use_language
from scripts.translate import lacking, sentences, translations

OTHERS = sorted(LANGUAGES.keys() - {SOURCE_LANGUAGE})


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_missing(code: str) -> None:
    assert lacking(code) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_fills_in_the_same_values(code: str) -> None:
    for one in translations(code):
        pairs = zip(_forms(one.id), _forms(one.string), strict=False)
        wrong = [(said, spoken) for said, spoken in pairs if _values(said) - {"number"} != _values(spoken) - {"number"}]
        assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_holds_no_sentence_that_nobody_says(code: str) -> None:
    assert {str(one.id) for one in translations(code)} - {str(one.id) for one in sentences()} == set()


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    with use_language("es"):
        assert say("No such sentence, {name}.", name="{braces}") == "No such sentence, {braces}."


def test_english_counts_one_and_many() -> None:
    assert [say_many("{number} pear", "{number} pears", number) for number in (0, 1, 1200)] == [
        "0 pears",
        "1 pear",
        "1,200 pears",
    ]


def test_an_unknown_language_is_english_and_the_block_ends_as_it_began() -> None:
    with use_language("es"):
        with use_language("xx"):
            assert language() == "en"
        assert language() == "es"
    assert language() == "en"


def test_each_thread_speaks_its_own_language() -> None:
    heard: list[str] = []
    with use_language("es"):
        other = Thread(target=lambda: heard.append(language()))
        other.start()
        other.join()
        set_language("es")
    assert heard == ["en"]


def _forms(text: object) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [str(text)]


def _values(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))
