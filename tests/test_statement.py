"""The sentence of a gap: worked by hand from given intervals."""

import pandas as pd
import pytest

from access.measures.uncertainty import ErrorSources, GapInterval, gap_interval
from access.words.gap_sentence import SOURCES_IN_WORDS, gap_statement, is_supported
from tests.worlds import valley_people, valley_trips

Ends = tuple[float, float]


def found(
    rural: Ends, urban: Ends, difference: Ends, *, sources: tuple[str, ...] = ("listing_works",), people: int = 10
) -> GapInterval:
    ends = [urban, rural]
    shares = pd.DataFrame(
        {"rurality": ["urban", "rural"], "beyond": 60.0, "people": [10, people]}
        | {"low": [low for low, _ in ends], "high": [high for _, high in ends]}
    )
    gaps = pd.DataFrame(
        {"beyond": [60.0], "figure": ["difference"], "low": [difference[0]], "high": [difference[1]]},
    )
    return GapInterval(shares, gaps, "rurality", ("urban", "rural"), sources, 0.9, 1000, 1)


def test_a_supported_gap_is_said_with_both_intervals() -> None:
    # 9.2 and 11.8 % are rounded outward to 9 and 12; 2.04 and 2.96 to 2.0 and 3.0.
    said = gap_statement(found((0.092, 0.118), (0.0204, 0.0296), (0.065, 0.095)), 60)
    assert said == (
        "Between 9 and 12 % of rural people, against 2.0 to 3.0 % of urban people, live more than 60 minutes from "
        "a clinic (90 % interval, which counts: listings that may not work)."
    )


def test_a_difference_whose_interval_holds_zero_is_said_to_be_unsupported() -> None:
    said = gap_statement(found((0.02, 0.12), (0.02, 0.11), (-0.031, 0.042)), 60, clinic="an ECT clinic")
    assert said.startswith(
        "The data do not support a difference between rural and urban people: between 2 and 12 % of rural people, "
        "against 2 to 11 % of urban people, live more than 60 minutes from an ECT clinic, and the difference lies "
        "between -3.1 and 4.2 points ("
    )


@pytest.mark.parametrize(
    ("difference", "supported"),
    [((0.01, 0.2), True), ((-0.2, -0.01), True), ((0.0, 0.2), False), ((-0.2, 0.0), False), ((-0.1, 0.1), False)],
)
def test_an_interval_that_touches_zero_supports_no_difference(difference: Ends, supported: bool) -> None:
    assert is_supported(found((0.1, 0.2), (0.1, 0.2), difference), 60) is supported


def test_a_side_without_people_is_named_and_no_gap_is_stated() -> None:
    nan = float("nan")
    nobody = found((nan, nan), (0.1, 0.2), (nan, nan), people=0)
    assert gap_statement(nobody, 60) == ("Nobody in these data lives in places coded rural: there is no gap to state.")
    assert not is_supported(nobody, 60)


def test_a_side_that_is_not_in_the_table_is_named() -> None:
    interval = gap_interval(valley_trips(), valley_people(), [60], seed=1, draws=20, sides=("large_town", "not_coded"))
    assert "coded large town or not coded" in gap_statement(interval, 60)


def test_without_uncertainty_the_plain_shares_are_said() -> None:
    # Within 5 minutes: city_a (500 of 800 urban people), so 37.5 % of urban people are beyond; all 50 rural ones.
    certain = gap_interval(
        valley_trips(), valley_people(), [5], seed=1, draws=3, sources=ErrorSources().without(*SOURCES_IN_WORDS)
    )
    assert gap_statement(certain, 5) == (
        "100 % of rural people, against 37 to 38 % of urban people, live more than 5 minutes from a clinic "
        "(the plain estimate; no uncertainty is counted)."
    )


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.0, 0.0), "0 % of rural"),
        ((0.0, 0.00004), "etween 0 and 0.01 % of rural"),
        ((0.0052, 0.0061), "etween 0.52 and 0.61 % of rural"),
        ((0.12, 0.12), "12 % of rural"),
        ((0.3, 0.997), "etween 30 and 100 % of rural"),
    ],
)
def test_shares_are_rounded_outward_to_two_figures(ends: Ends, said: str) -> None:
    assert said in gap_statement(found(ends, (0.02, 0.03), (0.01, 0.02)), 60)


def test_every_source_has_its_words_and_those_counted_are_named() -> None:
    assert list(SOURCES_IN_WORDS) == list(ErrorSources().on())
    said = gap_statement(found((0.1, 0.2), (0.0, 0.01), (0.1, 0.2), sources=tuple(SOURCES_IN_WORDS)), 60)
    assert all(words in said for words in SOURCES_IN_WORDS.values())


def test_a_limit_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(ValueError, match="no interval beyond 30 minutes; there is for 60"):
        gap_statement(found((0.1, 0.2), (0.0, 0.1), (0.1, 0.2)), 30)
