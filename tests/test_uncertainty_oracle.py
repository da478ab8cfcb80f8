"""The interval against slow computations of its own: every set of working clinics, and a plain loop over draws."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from access.measures import uncertainty_kernels as kernels
from access.measures.layout import groups_of
from access.measures.uncertainty import ORIGIN_ERROR_MINUTES, TRAVEL_SPREAD_MINUTES, ErrorSources, shares_by_draw
from access.travel.trips import Trips
from tests.test_uncertainty import CERTAIN, everyones_draws, random_question
from tests.worlds import dense_minutes


def exact_shares(
    trips: Trips, people: pd.DataFrame, works: list[float], limit: float
) -> tuple[list[float], list[float]]:
    """Everybody's share beyond, and its chance, for each of the 2^n sets of working clinics."""
    minutes, population = dense_minutes(trips), people["population"].to_numpy(float)
    values, chances = [], []
    for on in itertools.product([False, True], repeat=len(works)):
        nearest = np.where(on, minutes, np.inf).min(axis=1)
        values.append(float(population[nearest > limit].sum() / population.sum()))
        chances.append(math.prod(q if works_now else 1 - q for q, works_now in zip(works, on, strict=True)))
    return values, chances


def exact_quantile(values: list[float], chances: list[float], part: float) -> float:
    order = np.argsort(values)
    so_far = np.cumsum(np.array(chances)[order])
    return float(np.array(values)[order][min(np.searchsorted(so_far, part), len(values) - 1)])


@pytest.mark.parametrize("seed", range(25))
def test_quantiles_agree_with_every_set_of_working_clinics_enumerated(seed: int) -> None:
    rng = np.random.default_rng(seed)
    clinics = int(rng.integers(1, 5))
    trips, people = random_question(seed, clinics)
    people["population"] += 1
    works = rng.uniform(0.3, 1, clinics)
    values, chances = exact_shares(trips, people, list(works), 40)
    sources = replace(CERTAIN, listing_works=pd.Series(works, index=trips.clinics))
    drawn = np.sort(everyones_draws(trips, people, 40, 2000, sources))
    error = 4.5 * math.sqrt(0.25 / 2000)  # a quantile of the draws lies between those of parts so much apart
    for part in (0.05, 0.25, 0.5, 0.75, 0.95):
        least, most = (exact_quantile(values, chances, float(np.clip(part + e, 0, 1))) for e in (-error, error))
        assert least - 1e-12 <= drawn[int(part * 2000) - 1] <= most + 1e-12


def test_the_mean_over_draws_agrees_with_the_enumeration() -> None:
    trips, people = random_question(3, 3)
    values, chances = exact_shares(trips, people, [0.6, 0.7, 0.8], 40)
    expected = float(np.dot(values, chances))
    error = math.sqrt((np.dot(np.square(values), chances) - expected**2) / 4000)
    sources = replace(CERTAIN, listing_works=pd.Series([0.6, 0.7, 0.8], index=trips.clinics))
    assert everyones_draws(trips, people, 40, 4000, sources).mean() == pytest.approx(expected, abs=4 * error)


def test_all_sources_agree_with_a_plain_loop_over_draws_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, people = random_question(seed)
        rng = np.random.default_rng(seed)
        answers = pd.Series(rng.choice(["stated", "refused", "not_stated"], len(trips.clinics)), index=trips.clinics)
        found = shares_by_draw(
            trips,
            people,
            [60, 30],
            groups=groups_of(people, ["rurality"]),
            seed=seed,
            sources=ErrorSources(),
            payer_answers=answers,
            draws=3,
        )
        expected = [plain_draw(trips, people, answers, seed, draw, [60, 30]) for draw in range(3)]
        np.testing.assert_allclose(found[:, -1], expected, rtol=0, atol=1e-12)


def splitmix(key: int) -> int:
    """Steele, Lea & Flood 2014, in whole numbers of any size."""
    key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    key = (key ^ (key >> 27)) * 0x94D049BB133111EB % 2**64
    return key ^ (key >> 31)


def plain_draw(
    trips: Trips, people: pd.DataFrame, answers: "pd.Series[str]", seed: int, draw: int, limits: list[float]
) -> list[float]:
    """One draw from the definition: dense minutes, one place and clinic at a time."""
    golden = 0x9E3779B97F4A7C15
    names = [*trips.places, *trips.clinics]
    named = dict(zip(names, pd.util.hash_array(np.array(names, object), categorize=False).tolist(), strict=True))

    def key(stream: int) -> int:
        return splitmix((splitmix((seed + (stream + 1) * golden) % 2**64) + (draw + 1) * golden) % 2**64)

    def chance(number: int) -> float:
        return ((number >> 11) + 0.5) / 2**53

    listing, payer, unknown, factor, place = (key(stream) for stream in range(5))
    taken = {"stated": 1.0, "refused": 0.0, "not_stated": chance(unknown)}
    serves = [
        chance(splitmix((listing + named[c]) % 2**64)) < 0.83
        and chance(splitmix((payer + named[c]) % 2**64)) < taken[answers[c]]
        for c in trips.clinics
    ]
    middle, sigma = math.log(0.85 * 1.2) / 2, math.log(1.2 / 0.85) / (2 * ndtri(0.95))
    times = math.exp(middle + sigma * ndtri(chance(factor)))
    minutes, beyond = dense_minutes(trips), np.zeros(len(limits))
    for i, row in enumerate(people.itertuples()):
        word = str(row.rurality)
        sd = math.hypot(TRAVEL_SPREAD_MINUTES[word], ORIGIN_ERROR_MINUTES[word] * math.sqrt(math.pi / 2))
        z = float(kernels.NORMAL[splitmix((place + named[row.geoid]) % 2**64) >> 48])
        nearest = min((minutes[i, j] for j in range(len(serves)) if serves[j]), default=math.inf)
        beyond += [row.population * (nearest * times + sd * z > limit) for limit in limits]
    return list(beyond / people["population"].sum())


def test_the_drawn_bits_are_those_of_splitmix64() -> None:
    # The first two numbers of SplitMix64 from seed 0, as its reference implementation prints them.
    golden = 0x9E3779B97F4A7C15
    found = kernels.mix_bits(np.array([golden, 2 * golden % 2**64], np.uint64))
    assert [hex(number) for number in found.tolist()] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4"]
