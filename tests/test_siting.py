"""Siting: every objective and rule against every choice tried; bounds that hold; refusals in a sentence."""

import numpy as np
import pytest

from access.errors import ScenarioError
from access.scenarios.siting.best import best_sites
from access.scenarios.siting.question import COVERING_OBJECTIVES, OBJECTIVES, OBJECTIVES_WITH_LIMIT, SitingQuestion
from tests.siting_oracle import WORLDS, best_value, choices, matrices, random_ground, value_of

RULES = (
    {"count": 1},
    {"count": 2},
    {"count": 3, "apart_km": 150.0},
    {"budget_usd": 500.0},
    {"count": 3, "budget_usd": 700.0},
    {"count": 2, "apart_from_existing_km": 120.0},
    {"count": 4, "budget_usd": 900.0, "apart_km": 100.0, "apart_from_existing_km": 60.0},
)


def asked(objective: str, **rules: object) -> SitingQuestion:
    options = dict(rules)
    if objective in OBJECTIVES_WITH_LIMIT:
        options.setdefault("within", 90.0)
    if objective == "everyone":
        options.pop("count", None)
        options["where_possible"] = True
    return SitingQuestion(objective=objective, **options)  # type: ignore[arg-type]


def is_close(one: float, other: float) -> bool:
    return bool(np.isclose(one, other, rtol=1e-9, atol=1e-7))


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_best_of_every_choice_is_found_under_every_rule(objective: str, seed: int) -> None:
    ground = random_ground(seed)
    made = matrices(ground)
    for rules in RULES:
        question = asked(objective, **rules)
        best = best_value(question, ground)
        if np.isinf(best):
            with pytest.raises(ScenarioError, match="No choice of candidates"):
                best_sites(question, ground)
            continue
        found = best_sites(question, ground)
        chosen = tuple(
            int(ground.candidates.index[ground.candidates["candidate_id"] == c][0]) for c in found.sites["candidate_id"]
        )
        assert found.proven
        assert is_close(found.value, best), rules
        assert is_close(found.bound, best), rules
        assert is_close(value_of(question, ground, chosen, made), best), rules
        assert tuple(sorted(chosen)) in set(choices(question, ground))


@pytest.mark.parametrize("objective", COVERING_OBJECTIVES)
@pytest.mark.parametrize("seed", range(WORLDS))
def test_a_site_serves_no_more_than_its_capacity(objective: str, seed: int) -> None:
    ground = random_ground(seed, places=20, candidates=6)
    for rules in RULES:
        question = asked(objective, with_capacity=True, **rules)
        found, best = best_sites(question, ground), best_value(question, ground)
        assert found.proven
        assert np.isclose(found.value, best, rtol=1e-6, atol=1e-4), rules
