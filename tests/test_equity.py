"""Equity: worked by hand, the laws that define each index, and brute force in another form."""

import math

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.equity import (
    concentration_index,
    erreygers_index,
    gini,
    lorenz_curve,
    palma_ratio,
    theil,
    theil_by_group,
)
from access.measures.nearest import clinics_within
from tests.worlds import random_trips, valley_people

# People 500, 300, 150, 50, 0. Mean access with the ranch at 0: (3 x 500 + 300 + 150) / 1000 = 1.95.
ACCESS = pd.Series({"city_a": 3.0, "city_b": 1.0, "town": 1.0, "ranch": np.nan, "forest": 7.0})
INCOME = [60.0, 40.0, 20.0, 20.0, np.nan]


def valley() -> pd.DataFrame:
    return valley_people().assign(income=INCOME, poverty_share=[0.1, 0.2, 0.4, 0.4, np.nan])


def random_people(seed: int) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """Places of a random world with incomes that tie, groups, a share; and how many clinics each reaches (some 0)."""
    trips, demand, _ = random_trips(seed)
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "geoid": trips.places,
            "population": demand.to_numpy(),
            "income": rng.integers(1, 6, len(demand)) * 10.0,
            "group": rng.choice(["a", "b", "c"], len(demand)),
            "veterans_share": rng.choice([0.0, 0.25, 1.0], len(demand)),
        }
    )
    return people, clinics_within(trips, max_minutes=60).astype(float)


def test_gini_by_pencil() -> None:
    # Ranch 0; city_b and town 1 (0.45 of people); city_a 3. L: 0, .3/1.95, .45/1.95, 1.
    # 1 - (.05 x 0 + .3 x .3 + .15 x .75 + .5 x 2.4) / 1.95 = 1 - 1.4025 / 1.95
    assert gini(ACCESS, valley(), unreached=0) == pytest.approx(1 - 1.4025 / 1.95, abs=1e-12)


def test_lorenz_by_pencil() -> None:
    curve = lorenz_curve(ACCESS, valley(), unreached=0)
    assert curve["people_share"].tolist() == pytest.approx([0, 0.05, 0.35, 0.5, 1])
    assert curve["access_share"].tolist() == pytest.approx([0, 0, 0.3 / 1.95, 0.45 / 1.95, 1])


def test_concentration_index_by_pencil_with_tied_incomes() -> None:
    # Ranch and town tie: rank .1; city_b .35; city_a .75.
    # 2 / 1.95 x (.05 x -1.95 x -.4 + .15 x -.95 x -.4 + .3 x -.95 x -.15 + .5 x 1.05 x .25) = 2 / 1.95 x .27
    found = concentration_index(ACCESS, valley(), "income", poorest="low", unreached=0)
    assert found == pytest.approx(2 / 1.95 * 0.27, abs=1e-12)


def test_a_share_in_poverty_ranks_the_other_way_about() -> None:
    by_income = concentration_index(ACCESS, valley(), "income", poorest="low", unreached=0)
    by_poverty = concentration_index(ACCESS, valley(), "poverty_share", poorest="high", unreached=0)
    assert by_poverty == pytest.approx(by_income, abs=1e-12)
    assert concentration_index(ACCESS, valley(), "poverty_share", poorest="low", unreached=0) == pytest.approx(
        -by_income
    )


def test_erreygers_by_pencil() -> None:
    # 4 x 1.95 x (2 / 1.95 x .27) / (3 - 0) = .72
    found = erreygers_index(ACCESS, valley(), "income", poorest="low", bounds=(0, 3), unreached=0)
    assert found == pytest.approx(0.72, abs=1e-12)


def test_access_outside_the_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the bounds"):
        erreygers_index(ACCESS, valley(), "income", poorest="low", bounds=(0, 2), unreached=0)
    with pytest.raises(ValueError, match="from low to high"):
        erreygers_index(ACCESS, valley(), "income", poorest="low", bounds=(2, 2), unreached=0)


def test_palma_by_pencil() -> None:
    # Ten places of 100, income and access 1 to 10: richest tenth 10 (above q90 = 9), poorest four mean 2.5.
    ten = pd.DataFrame({"geoid": [f"p{i}" for i in range(10)], "population": 100, "income": np.arange(1.0, 11)})
    access = pd.Series(np.arange(1.0, 11), index=ten["geoid"])
    assert palma_ratio(access, ten, "income", poorest="low") == pytest.approx(4)
    assert palma_ratio(access, ten.assign(poverty=-ten["income"]), "poverty", poorest="high") == pytest.approx(4)


def test_palma_is_not_known_where_nobody_stands_above_the_last_tenth() -> None:
    # city_a holds half of the people at the top income: q90 is its income.
    assert math.isnan(palma_ratio(ACCESS, valley(), "income", poorest="low", unreached=0))


def test_theil_by_pencil() -> None:
    expected = 0.45 / 1.95 * math.log(1 / 1.95) + 0.5 * 3 / 1.95 * math.log(3 / 1.95)
    assert theil(ACCESS, valley(), unreached=0) == pytest.approx(expected, abs=1e-12)


def test_theil_between_and_within_by_pencil() -> None:
    # Urban: 1,800 of 1,950 access, mean 2.25, of which city_a 1,500 and city_b 300; town 150, mean 1; ranch none.
    table = theil_by_group(ACCESS, valley(), by=["rurality"], unreached=0).set_index("rurality")
    urban = 5 / 6 * math.log(3 / 2.25) + 1 / 6 * math.log(1 / 2.25)
    assert table.loc["urban", "theil"] == pytest.approx(urban, abs=1e-12)
    assert table.loc["urban", "within"] == pytest.approx(1800 / 1950 * urban, abs=1e-12)
    assert table.loc["urban", "between"] == pytest.approx(1800 / 1950 * math.log(2.25 / 1.95), abs=1e-12)
    assert table.loc["small_town", "between"] == pytest.approx(150 / 1950 * math.log(1 / 1.95), abs=1e-12)
    assert table.loc["small_town", "within"] == pytest.approx(0, abs=1e-12)
    assert table.loc["rural", ["mean", "access_share", "between", "within"]].tolist() == [0, 0, 0, 0]
    assert math.isnan(table.loc["rural", "theil"])


def test_people_who_reach_nothing_are_never_dropped_silently() -> None:
    with pytest.raises(TableError, match=r"At place ranch \(1 such\) access is missing; give `unreached`"):
        gini(ACCESS, valley())
    with pytest.raises(TableError, match="access is missing"):
        theil(ACCESS, valley())
    assert gini(ACCESS.drop("forest").fillna(0.0).reindex(ACCESS.index), valley()) > 0  # nobody lives in the forest


def test_places_without_a_rank_or_share_are_refused_where_people_live() -> None:
    unknown = valley().assign(income=[60.0, np.nan, 20, 20, 10], veterans=[0.1, 0.2, np.nan, 0.1, 0.1])
    with pytest.raises(TableError, match=r"place city_b .* income is missing"):
        concentration_index(ACCESS, unknown, "income", poorest="low", unreached=0)
    with pytest.raises(TableError, match=r"place town .* veterans is missing"):
        gini(ACCESS, unknown, share="veterans", unreached=0)
    with pytest.raises(ValueError, match="say whether low or high"):
        palma_ratio(ACCESS, valley(), "income", poorest="rich", unreached=0)
    with pytest.raises(TableError, match="no column wealth"):
        palma_ratio(ACCESS, valley(), "wealth", poorest="low", unreached=0)


def test_access_below_zero_or_infinite_is_refused() -> None:
    for wrong in (-1.0, np.inf):
        with pytest.raises(TableError, match="below zero or not a finite"):
            gini(ACCESS, valley(), unreached=wrong)


def test_nobody_counted_and_nothing_to_share_have_no_index() -> None:
    nobody = valley().assign(population=0)
    nothing = ACCESS * 0
    for access, people in ((ACCESS, nobody), (nothing, valley())):
        assert math.isnan(gini(access, people, unreached=0))
        assert math.isnan(theil(access, people, unreached=0))
        assert math.isnan(concentration_index(access, people, "income", poorest="low", unreached=0))
        assert math.isnan(palma_ratio(access, people, "income", poorest="low", unreached=0))
        assert lorenz_curve(access, people, unreached=0)["access_share"].iloc[1:].isna().all()
    assert erreygers_index(nothing, valley(), "income", poorest="low", bounds=(0, 1), unreached=0) == 0
    assert math.isnan(erreygers_index(ACCESS, nobody, "income", poorest="low", bounds=(0, 1), unreached=0))


def test_equal_access_is_no_inequality() -> None:
    same = pd.Series(0.1, index=ACCESS.index)
    assert gini(same, valley()) == pytest.approx(0, abs=1e-15)
    assert gini(same, valley()) >= 0
    assert theil(same, valley()) == pytest.approx(0, abs=1e-15)
    assert concentration_index(same, valley(), "income", poorest="low") == pytest.approx(0, abs=1e-15)


def test_a_share_counts_that_part_of_the_people() -> None:
    # A quarter of city_a and all of city_b: 125 with 3, 300 with 1.
    some = valley().assign(veterans=[0.25, 1.0, 0.0, 0.0, 0.5])
    two = pd.DataFrame({"geoid": ["city_a", "city_b"], "population": [125, 300]})
    assert gini(ACCESS, some, share="veterans") == pytest.approx(gini(ACCESS, two), abs=1e-12)


def indices(access: "pd.Series[float]", people: pd.DataFrame) -> list[float]:
    top = float(access.max()) + 1
    return [
        gini(access, people),
        theil(access, people),
        concentration_index(access, people, "income", poorest="low"),
        erreygers_index(access, people, "income", poorest="low", bounds=(0, top)),
        palma_ratio(access, people, "income", poorest="low"),
    ]


def test_scale_permutation_and_replication_change_no_index() -> None:
    for seed in range(40):
        people, access = random_people(seed)
        plain = indices(access, people)
        shuffled = people.sample(frac=1, random_state=seed)
        np.testing.assert_allclose(indices(access, shuffled), plain, atol=1e-12)
        np.testing.assert_allclose(
            indices(access, people.assign(population=people["population"] * 3)), plain, atol=1e-12
        )
        twins = pd.concat([people, people.assign(geoid="twin_" + people["geoid"])])
        both = pd.concat([access, access.set_axis("twin_" + access.index)])
        np.testing.assert_allclose(indices(both, twins), plain, atol=1e-12)
        scaled = indices(access * 60, people)
        np.testing.assert_allclose(np.delete(scaled, 3), np.delete(plain, 3), atol=1e-12)


def test_minutes_turn_the_sign_of_the_concentration_index() -> None:
    # The poor travel longer: as minutes below 0, as nearness (100 - minutes) above 0, with Erreygers mirrored exactly.
    people = valley()
    minutes = pd.Series({"city_a": 0.0, "city_b": 10.0, "town": 60.0, "ranch": 90.0, "forest": 50.0})
    assert concentration_index(minutes, people, "income", poorest="low") < 0
    ways = {"poorest": "low", "bounds": (0, 100)}
    assert erreygers_index(100 - minutes, people, "income", **ways) == pytest.approx(
        -erreygers_index(minutes, people, "income", **ways), abs=1e-12
    )


def test_indices_agree_with_brute_force_in_another_form_on_200_random_worlds() -> None:
    for seed in range(200):
        people, access = random_people(seed)
        for share in (None, "veterans_share"):
            counted = people["population"] * (1 if share is None else people[share])
            _compare_pairwise(people, access, counted.to_numpy(float), share)
        _compare_person_by_person(people, access)


def _compare_pairwise(people: pd.DataFrame, access: "pd.Series[float]", n: np.ndarray, share: str | None) -> None:
    found = [
        gini(access, people, share=share),
        theil(access, people, share=share),
        concentration_index(access, people, "income", poorest="low", share=share),
    ]
    if not (n * access.to_numpy()).sum() > 0:
        assert np.isnan(found).all()
        return
    np.testing.assert_allclose(found, _pair_by_pair(access.tolist(), people["income"].tolist(), n.tolist()), atol=1e-12)
    assert 0 <= found[0] < 1
    curve = lorenz_curve(access, people, share=share)
    assert curve.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]
    table = theil_by_group(access, people, by=["group"], share=share)
    assert math.isclose(table[["between", "within"]].sum().sum(), found[1], abs_tol=1e-12)
    assert table["between"].sum() >= -1e-12


def _pair_by_pair(a: list[float], s: list[float], n: list[float]) -> list[float]:
    """Gini as the mean difference of all pairs; Theil in a loop; ranks as the people below and half of those beside."""
    total = sum(n)
    mean = sum(n[i] * a[i] for i in range(len(a))) / total
    spread, evenness, slope = 0.0, 0.0, 0.0
    for i in range(len(a)):
        rank = sum(n[j] * (1.0 if s[j] < s[i] else 0.5) for j in range(len(a)) if s[j] <= s[i]) / total
        slope += n[i] / total * a[i] * (rank - 0.5)
        evenness += n[i] / total * (a[i] / mean * math.log(a[i] / mean) if a[i] > 0 else 0.0)
        spread += sum(n[i] * n[j] * abs(a[i] - a[j]) for j in range(len(a)))
    return [spread / total**2 / (2 * mean), evenness, 2 * slope / mean]


def _compare_person_by_person(people: pd.DataFrame, access: "pd.Series[float]") -> None:
    """Palma with every person written out, in order of income."""
    persons = people.assign(access=access.to_numpy()).sort_values("income", kind="stable")
    persons = persons.loc[persons.index.repeat(people.loc[persons.index, "population"].astype(int))]
    found = palma_ratio(access, people, "income", poorest="low")
    if persons.empty:
        assert math.isnan(found)
        return
    incomes = persons["income"].to_numpy()
    q40, q90 = (incomes[math.ceil(len(incomes) * tenths / 10) - 1] for tenths in (4, 9))
    poor, rich = (persons.loc[part, "access"].to_numpy() for part in (incomes <= q40, incomes > q90))
    expected = rich.mean() / poor.mean() if len(rich) and poor.sum() else math.nan
    np.testing.assert_allclose(found, expected, rtol=1e-12)
