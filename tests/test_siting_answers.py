"""Siting beyond the value: order, frontier, stability, refusals, candidates, the terminal, and the saved scenario."""

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest

from access.errors import ScenarioError, TableError
from access.measures.nearest import minutes_to_nearest
from access.measures.poverty import minutes_poverty
from access.measures.uncertainty import ErrorSources
from access.scenarios.siting.additive import additive_problem_of
from access.scenarios.siting.best import best_sites
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.frontier import frontier
from access.scenarios.siting.lagrangian import lagrangian_bound
from access.scenarios.siting.question import OBJECTIVES, SitingQuestion
from access.scenarios.siting.rules import rules_of
from access.scenarios.siting.search import search_sites
from access.scenarios.siting.stability import stability
from access.travel.estimate import estimate_trips
from access.words.siting import siting_sentences, stability_sentences
from tests.siting_oracle import WORLDS, best_value, matrices, random_ground, value_of

SUMS = [name for name in OBJECTIVES if name not in ("worst", "everyone")]


def with_table(ground: SitingData, **columns: object) -> SitingData:
    return dataclasses.replace(ground, candidates=ground.candidates.assign(**columns))


@pytest.mark.parametrize("objective", SUMS)
@pytest.mark.parametrize("seed", range(WORLDS))
def test_neither_the_search_nor_the_bound_crosses_the_best(objective: str, seed: int) -> None:
    ground = random_ground(seed, places=40, candidates=8)
    for rules in ({"count": 3}, {"budget_usd": 800.0}, {"count": 3, "apart_km": 200.0}):
        question = SitingQuestion(objective=objective, **rules)
        problem = additive_problem_of(question, ground, rules_of(question, ground))
        known = search_sites(problem.gains, problem.rules, 1)
        sign = -1.0 if objective in ("average", "poverty", "severity") else 1.0
        best = sign * best_value(question, ground)
        bound = lagrangian_bound(problem.gains, problem.rules, problem.gains.gain_of(known))
        slack = 1e-9 * abs(best) + 1e-9
        assert sign * problem.value(problem.gains.gain_of(known)) <= best + slack
        assert sign * problem.value(bound.gain) >= best - slack


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_proof_broken_off_leaves_a_bound_that_holds(objective: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("access.scenarios.siting.additive._MOST_SITES_IN_COVERS", 0)
    for seed in range(5):
        ground = random_ground(seed, places=60, candidates=9)
        options = {"where_possible": True} if objective == "everyone" else {"count": 3}
        question = SitingQuestion(objective=objective, seconds=1e-3, **options)
        found, best = best_sites(question, ground), best_value(question, ground)
        sign = -1.0 if objective in ("average", "worst", "everyone", "poverty", "severity") else 1.0
        slack = 1e-9 * abs(best) + 1e-9
        assert sign * found.value <= sign * best + slack <= sign * found.bound + 2 * slack
        assert 0 <= found.gap <= 1
        assert not found.proven or np.isclose(found.value, best)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_same_seed_gives_the_same_sites_and_steps_add_up(objective: str) -> None:
    ground = random_ground(3)
    options = {"where_possible": True} if objective == "everyone" else {"count": 3}
    one, other = (best_sites(SitingQuestion(objective=objective, **options), ground) for _ in range(2))
    pd.testing.assert_frame_equal(one.sites, other.sites)
    assert (one.value, one.bound) == (other.value, other.bound)
    if objective != "everyone":
        assert np.isclose(one.sites["gain"].sum(), abs(one.value - one.before))
        assert one.sites["cumulative"].iloc[-1] == one.value
    assert (one.sites["gain"] >= 0).all()
    assert one.sites["order"].tolist() == list(range(1, len(one.sites) + 1))


def test_each_site_in_the_order_is_the_best_next_one_of_the_chosen() -> None:
    ground, question = random_ground(4, candidates=9), SitingQuestion(count=4)
    found, made = best_sites(question, ground), matrices(ground)
    ids = ground.candidates["candidate_id"].tolist()
    rows = [ids.index(one) for one in found.sites["candidate_id"]]
    for step, after in enumerate(found.sites["cumulative"]):
        tried = [value_of(question, ground, (*rows[:step], other), made) for other in rows[step:]]
        assert after == max(tried)


def test_poverty_is_what_the_measure_of_poverty_says() -> None:
    ground = random_ground(5)
    for objective, column in (("poverty", "fgt1"), ("severity", "fgt2")):
        found = best_sites(SitingQuestion(objective=objective, count=2, within=45.0), ground)
        chosen = ground.candidates[ground.candidates["candidate_id"].isin(found.sites["candidate_id"])]
        sites = pd.concat([ground.existing_sites, chosen.assign(clinic_id=chosen["candidate_id"])], ignore_index=True)
        minutes = minutes_to_nearest(estimate_trips(ground.people, sites))
        table = minutes_poverty(minutes, ground.people, limit_minutes=45.0, max_minutes=240.0)
        assert np.isclose(table[column].iloc[0], found.value, rtol=1e-9)


def test_among_answers_equal_for_rural_people_most_others_are_reached() -> None:
    ground, question = random_ground(2, candidates=7), SitingQuestion(objective="rural", count=2)
    made, everyone = matrices(ground), SitingQuestion(count=2)
    pairs = [value for size in (0, 1, 2) for value in itertools.combinations(range(7), size)]
    both = [(value_of(question, ground, pair, made), value_of(everyone, ground, pair, made)) for pair in pairs]
    found, ids = best_sites(question, ground), ground.candidates["candidate_id"].tolist()
    rows = tuple(ids.index(one) for one in found.sites["candidate_id"])
    assert (found.value, value_of(everyone, ground, rows, made)) == max(both)


@pytest.mark.parametrize("objective", [name for name in OBJECTIVES if name != "everyone"])
def test_every_step_of_the_frontier_is_the_best_of_its_own(objective: str) -> None:
    ground, question = random_ground(6, candidates=6), SitingQuestion(objective=objective, count=1)
    table = frontier(question, ground, counts=[3, 1, 2])
    assert table["count"].tolist() == [1, 2, 3]
    for row in table.itertuples():
        best = best_value(dataclasses.replace(question, count=row.count), ground)
        assert np.isclose(row.value, best)
        assert np.isclose(row.bound, best)
        assert row.proven
    dollars = frontier(SitingQuestion(objective=objective, budget_usd=1.0), ground, budgets_usd=[400.0, 900.0])
    best = [best_value(SitingQuestion(objective=objective, budget_usd=one), ground) for one in (400.0, 900.0)]
    assert np.allclose(dollars["value"], best)
    assert (dollars["cost_usd"] <= dollars["budget_usd"]).all()


@pytest.mark.parametrize("objective", SUMS)
def test_a_certain_world_chooses_the_same_sites_in_every_draw(objective: str) -> None:
    ground = random_ground(7)
    found = best_sites(SitingQuestion(objective=objective, count=2), ground)
    nothing = ErrorSources(None, None, None, None, None)
    told = stability(found, ground, draws=3, sources=nothing)
    assert told.sites["share_chosen"].eq(1.0).all()
    assert told.others.empty
    assert np.allclose(told.values.loc["value"], found.value, rtol=1e-6)
    assert np.allclose(told.values.loc["before"], found.before, rtol=1e-6)


@pytest.mark.parametrize("objective", SUMS)
def test_uncertain_worlds_are_the_same_for_a_seed_and_never_beat_their_own_best(objective: str) -> None:
    ground = random_ground(8, existing=4, candidates=9)
    found = best_sites(SitingQuestion(objective=objective, count=2), ground)
    one, other = (stability(found, ground, draws=12) for _ in range(2))
    pd.testing.assert_frame_equal(one.values, other.values)
    pd.testing.assert_frame_equal(one.sites, other.sites)
    assert (one.values["low"] <= one.values["median"]).all()
    assert (one.values["median"] <= one.values["high"]).all()
    assert one.sites["share_chosen"].sum() + one.others["share_chosen"].sum() <= 2
    assert len(stability_sentences(one)) == 2


def test_longer_drives_are_worth_what_a_world_of_longer_drives_is() -> None:
    ground, question = random_ground(9), SitingQuestion(count=2, within=90.0)
    found = best_sites(question, ground)
    always = ErrorSources(None, None, (1.2, 1.2), None, None)
    told = stability(found, ground, draws=2, sources=always)
    shorter = dataclasses.replace(question, within=90.0 / 1.2)
    ids = ground.candidates["candidate_id"].tolist()
    rows = tuple(ids.index(one) for one in found.sites["candidate_id"])
    assert told.values.loc["value", "median"] == value_of(shorter, ground, rows, matrices(ground))
    assert told.values.loc["best", "median"] <= best_value(shorter, ground)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"objective": "most", "count": 1}, "'most' is no objective"),
        ({"count": 0}, "0 sites answer nothing"),
        ({}, "how many sites"),
        ({"count": 1, "within": -1.0}, "within is -1"),
        ({"count": 1, "within": np.nan}, "within is nan"),
        ({"count": 1, "seconds": 0.0}, "no time to answer"),
        ({"count": 1, "seed": -1}, "seed is -1"),
        ({"count": 1, "objective": "everyone"}, "leave out the number"),
        ({"count": 1, "objective": "average", "within": 60.0}, "no use for a time"),
        ({"count": 1, "objective": "average", "with_capacity": True}, "no use for capacities"),
        ({"count": 1, "adult_share": 0.8}, "no use for a share of adults"),
        ({"count": 1, "objective": "starts", "adult_share": 1.5}, "adult_share is 1.5"),
        ({"count": 1, "where_possible": True}, "no use for 'where possible'"),
        ({"budget_usd": 1.0}, "buy no site; the cheapest costs"),
        ({"count": 1, "apart_from_existing_km": 5000.0}, "No candidate stands 5000 km"),
        ({"objective": "everyone"}, "Not everyone can be brought"),
        ({"objective": "poverty", "count": 1, "within": 240.0}, "shorten it"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(options: dict[str, object], says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        best_sites(SitingQuestion(**options), random_ground(0))  # type: ignore[arg-type]


def test_a_table_that_lacks_what_is_asked_is_refused() -> None:
    ground = random_ground(0)
    with pytest.raises(ScenarioError, match="cost of every candidate"):
        best_sites(SitingQuestion(budget_usd=500.0), with_table(ground, cost_usd=np.nan))
    with pytest.raises(ScenarioError, match="No candidate has a capacity"):
        best_sites(SitingQuestion(count=1, with_capacity=True), with_table(ground, capacity=np.nan))
    with pytest.raises(ScenarioError, match="seem to be swapped"):
        with_table(ground, latitude=ground.candidates["longitude"], longitude=ground.candidates["latitude"])
    with pytest.raises(ScenarioError, match="candidate_id of another"):
        with_table(ground, candidate_id="same")
    unknown = dataclasses.replace(ground, people=ground.people.assign(adults=np.nan))
    with pytest.raises(TableError, match="does not count adults"):
        best_sites(SitingQuestion(objective="patients", count=1), unknown)
    assert best_sites(SitingQuestion(objective="patients", count=1, adult_share=0.8), unknown).value > 0
    with pytest.raises(ScenarioError, match="rural"):
        best_sites(
            SitingQuestion(objective="rural", count=1),
            dataclasses.replace(ground, people=ground.people.assign(rurality="urban")),
        )
    with pytest.raises(ScenarioError, match="one of the two"):
        frontier(SitingQuestion(count=1), ground)


def test_candidates_that_reach_nobody_are_no_answer_and_that_is_said() -> None:
    ground = with_table(random_ground(1), latitude=21.3, longitude=-157.8)
    found = best_sites(SitingQuestion(count=2), ground)
    assert found.sites.empty
    assert (found.value, found.gap, found.proven) == (found.before, 0.0, True)
    assert "No choice under these rules improves" in siting_sentences(found)[0]
