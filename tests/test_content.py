"""Prose as data: each language has the same parts in the same order, and they rest on the same sources."""

from collections.abc import Callable

import pytest
from pydantic import BaseModel, ValidationError

from access.content.guide import Guide, load_guide
from access.content.methods import load_methods
from access.content.privacy import load_privacy
from access.language import LANGUAGES, SOURCE_LANGUAGE, use_language

# What is said in words, and so differs from language to language; a source may be named the same in two.
SPOKEN = {"title", "text", "words", "name", "says", "unit", "caution"}


def shape(part: object) -> object:
    """What is left when the words are taken out: parts, order, sources, addresses, formulas."""
    if isinstance(part, BaseModel):
        return {name: None if name in SPOKEN else shape(value) for name, value in part}
    if isinstance(part, dict):
        return [(key, shape(value)) for key, value in part.items()]
    if isinstance(part, tuple):
        return [shape(one) for one in part]
    return part


def without_sentences(part: object) -> object:
    """`shape`, where lists of bare sentences count only by their length."""
    if isinstance(part, list) and part and all(isinstance(one, str) and " " in one for one in part):
        return len(part)
    if isinstance(part, list):
        return [without_sentences(one) for one in part]
    if isinstance(part, dict):
        return {key: without_sentences(value) for key, value in part.items()}
    return part


@pytest.mark.parametrize("code", sorted(LANGUAGES.keys() - {SOURCE_LANGUAGE}))
@pytest.mark.parametrize("load", [load_guide, load_methods, load_privacy])
def test_each_language_has_the_same_sections_and_the_same_sources(load: Callable[[], BaseModel], code: str) -> None:
    english = load()
    with use_language(code):
        other = load()
    assert other != english
    assert without_sentences(shape(other)) == without_sentences(shape(english))


def test_the_guide_is_read_in_the_language_of_the_visitor() -> None:
    assert load_guide().sections[0].title == "What it is"
    with use_language("es"):
        assert load_guide().sections[0].title == "Qué es"


def test_a_statement_that_rests_on_a_source_nobody_listed_is_refused() -> None:
    statement = {"text": "It helps.", "sources": ["nowhere"]}
    section = {"title": "What it is", "statements": [statement]}
    with pytest.raises(ValidationError, match="nowhere"):
        Guide.model_validate({"sections": [section], "treatments": [], "treatment_rows": [], "sources": {}})


def test_a_row_without_a_cell_for_each_treatment_is_refused() -> None:
    row = {"title": "Visits", "cells": {"tms": {"text": "36"}}}
    with pytest.raises(ValidationError, match="Visits"):
        Guide.model_validate({"sections": [], "treatments": ["tms", "ect"], "treatment_rows": [row], "sources": {}})
