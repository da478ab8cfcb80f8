"""The oracle of siting: every choice of candidates tried, each valued by plain arithmetic of its own."""

import dataclasses
import itertools
import os
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from access.geo import great_circle_km
from access.measures.uptake import relative_starts
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.question import SitingQuestion
from access.travel.estimate import estimate_trips
from access.travel.origins import origins_of
from access.units import KM_PER_MILE
from tests.worlds import dense_minutes, random_world

# Random worlds of each test that tries every choice; TRD_ACCESS_WORLDS=8 tries more of them.
WORLDS = int(os.environ.get("TRD_ACCESS_WORLDS", "2"))


def random_ground(
    seed: int, *, places: int = 30, existing: int = 2, candidates: int = 7, ceiling: float = 240.0
) -> SitingData:
    """A random world with some sites, and candidates with costs and capacities, some of them on one spot."""
    rng = np.random.default_rng(seed + 1000)
    people, spots = random_world(seed, places, existing + candidates)
    people = people.assign(adults=(people["population"] * 0.8).round())
    sites = spots.iloc[:existing].reset_index(drop=True)
    points = spots.iloc[existing:].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "candidate_id": points["clinic_id"],
            "name": points["clinic_id"],
            "state": "MT",
            "latitude": points["latitude"],
            "longitude": points["longitude"],
            "kind": "open",
            "clinic_id": "",
            "cost_usd": rng.choice([100.0, 200.0, 350.0, 500.0], len(points)),
            "capacity": rng.choice([300.0, 4000.0, 9000.0, np.nan], len(points)),
        }
    )
    trips = estimate_trips(people, sites, max_minutes=ceiling)
    origins = origins_of(people)
    return SitingData(people, origins, origins, trips, sites, table)


def matrices(ground: SitingData) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Minutes now, minutes to each candidate, km now, km to each candidate; infinity: not within the ceiling."""
    sites = ground.candidates.assign(clinic_id=ground.candidates["candidate_id"])
    trips = estimate_trips(ground.people, sites, max_minutes=ground.ceiling)
    km = np.full((len(trips.places), len(sites)), np.inf)
    km[np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr)), trips.clinic_index] = trips.km
    now, now_km = dense_minutes(ground.existing), np.full((len(trips.places), len(ground.existing.clinics)), np.inf)
    rows = np.repeat(np.arange(len(trips.places)), np.diff(ground.existing.indptr))
    now_km[rows, ground.existing.clinic_index] = ground.existing.km
    return now.min(axis=1, initial=np.inf), dense_minutes(trips), now_km.min(axis=1, initial=np.inf), km


def choices(question: SitingQuestion, ground: SitingData) -> Iterator[tuple[int, ...]]:
    """Every choice of candidates that the rules allow, the empty one too."""
    table = ground.candidates
    lat, lon = table["latitude"].to_numpy(), table["longitude"].to_numpy()
    for size in range((question.count or len(table)) + 1):
        for chosen in itertools.combinations(range(len(table)), size):
            rows = list(chosen)
            if question.budget_usd is not None and table["cost_usd"].iloc[rows].sum() > question.budget_usd:
                continue
            pairs = itertools.combinations(rows, 2)
            if any(great_circle_km(lat[a], lon[a], lat[b], lon[b]) < question.apart_km for a, b in pairs):
                continue
            sites = ground.existing_sites
            near = [great_circle_km(lat[a], lon[a], sites["latitude"], sites["longitude"]).min() for a in rows]
            if any(km < question.apart_from_existing_km for km in near):
                continue
            yield chosen


def may_open(question: SitingQuestion, ground: SitingData) -> list[int]:
    """The candidates that may open at all."""
    alone = dataclasses.replace(question, count=None if question.objective == "everyone" else 1)
    limits = itertools.takewhile(lambda chosen: len(chosen) < 2, choices(alone, ground))
    return [chosen[0] for chosen in limits if chosen]


def value_of(
    question: SitingQuestion, ground: SitingData, chosen: tuple[int, ...], made: tuple[np.ndarray, ...]
) -> float:
    """The value of one choice; for `everyone` the number of sites, infinity where someone is left beyond."""
    if question.with_capacity:
        return with_capacity(question, ground, list(chosen), made)
    now, minutes, *_ = made
    best = np.minimum(now, minutes[:, list(chosen)].min(axis=1, initial=np.inf))
    if question.objective in ("people", "patients", "rural"):
        return float(counted(question, ground)[best <= question.limit].sum())
    if question.objective == "starts":
        return starts(ground, chosen, made)
    people = ground.people["population"].to_numpy(float)
    kept = np.minimum(best, ground.ceiling)
    if question.objective == "average":
        return float((people * kept).sum() / people.sum())
    if question.objective in ("worst", "everyone"):
        return of_all(question, ground, chosen, made, kept)
    power = {"poverty": 1, "severity": 2}[question.objective]
    gap = np.maximum(kept - question.limit, 0) / (ground.ceiling - question.limit)
    return float((people * gap**power).sum() / people.sum())


def counted(question: SitingQuestion, ground: SitingData) -> np.ndarray:
    """Who counts at each place: all people, rural people, or 1.15 % of adults."""
    if question.objective == "patients":
        return ground.people["adults"].to_numpy(float) * 0.0115
    rural = (ground.people["rurality"] == "rural").to_numpy()
    return ground.people["population"].to_numpy(float) * (rural if question.objective == "rural" else 1.0)


def starts(ground: SitingData, chosen: tuple[int, ...], made: tuple[np.ndarray, ...]) -> float:
    _, _, km_now, km = made
    miles = np.minimum(km_now, km[:, list(chosen)].min(axis=1, initial=np.inf)) / KM_PER_MILE
    ratio = relative_starts(pd.Series(miles).replace(np.inf, np.nan)).to_numpy()
    return float((ground.people["adults"] * 0.0115 * ratio).sum())


def of_all(
    question: SitingQuestion,
    ground: SitingData,
    chosen: tuple[int, ...],
    made: tuple[np.ndarray, ...],
    kept: np.ndarray,
) -> float:
    """The worst time, or the number of sites, over people whom a site that may open, or one there is, reaches."""
    now, minutes, *_ = made
    people = ground.people["population"].to_numpy(float)
    nearest = np.minimum(now, minutes[:, may_open(question, ground)].min(axis=1, initial=np.inf))
    if question.objective == "worst":
        return float(kept[(people > 0) & (nearest < np.inf)].max(initial=0.0))
    met = kept[(people > 0) & ((nearest <= question.limit) | (not question.where_possible))] <= question.limit
    return float(len(chosen)) if met.all() else np.inf


def with_capacity(question: SitingQuestion, ground: SitingData, rows: list[int], made: tuple[np.ndarray, ...]) -> float:
    """Whom existing sites reach, and whom the chosen can serve, by a linear programme over every place and site."""
    now, minutes, *_ = made
    people = counted(question, ground)  # rural people alone: others take no room from them
    reached = float(people[now <= question.limit].sum())
    pairs = [(i, j) for i in range(len(people)) for j in rows if now[i] > question.limit >= minutes[i, j]]
    if not pairs:
        return reached
    room = ground.candidates["capacity"].fillna(np.inf).to_numpy(float)
    limits, ends = [], []
    for i in range(len(people)):
        limits.append([float(pair[0] == i) for pair in pairs])
        ends.append(people[i])
    for j in rows:
        if np.isfinite(room[j]):
            limits.append([float(pair[1] == j) for pair in pairs])
            ends.append(room[j])
    return reached - float(linprog(-np.ones(len(pairs)), A_ub=limits, b_ub=ends).fun)


def best_value(question: SitingQuestion, ground: SitingData) -> float:
    """The best value of all choices."""
    made, tried = matrices(ground), list(choices(question, ground))
    values = [value_of(question, ground, chosen, made) for chosen in tried]
    least = question.objective in ("average", "worst", "everyone", "poverty", "severity")
    return min(values) if least else max(values)
