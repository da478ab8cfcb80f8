"""The rational agent model: by pencil on the valley, by an independent solver, and by the conditions of its answer."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from access.errors import AccessError, TableError
from access.measures.raam import RaamAnswer, raam, raam_answer
from access.travel.trips import Trips
from tests.worlds import dense_minutes, random_trips, trips_from, valley_people, valley_trips


def _valley() -> tuple["pd.Series[float]", "pd.Series[float]"]:
    people = valley_people().set_index("geoid")["population"].astype(float)
    return people, pd.Series({"east": 2.0, "west": 2.0})


def _flows(trips: Trips, answer: RaamAnswer) -> np.ndarray:
    flows = np.zeros((len(trips.places), len(trips.clinics)))
    row = np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr))
    flows[row, trips.clinic_index] = answer.people_of_trip
    return flows


def test_costs_by_pencil_on_the_valley() -> None:
    # 950 people reach a clinic (the ranch's 50 do not), 4 units: rho = 237.5, so 475 people raise a clinic's cost by 1.
    # Say city_a goes East, the town West, and x of city_b's 300 go East. East costs city_b (500 + x) / 475 + 10 / 60,
    # West (150 + 300 - x) / 475 + 20 / 60. Equal: 2 x + 50 = 475 / 6, so x = 175 / 12.
    # city_b pays (500 + 175 / 12) / 475 + 1 / 6 = 1.25; city_a 1/6 less; the town, 60 minutes from West, 40 / 60 more
    # than city_b; the forest, at 120, 100 / 60. City_a at West would pay 1.25 + 10 / 60: it stays.
    people, supply = _valley()
    answer = raam_answer(valley_trips(), people, supply)
    assert answer.people_per_unit == 237.5
    expected = [1.25 - 1 / 6, 1.25, 1.25 + 40 / 60, np.nan, 1.25 + 100 / 60]
    np.testing.assert_allclose(answer.cost, expected, atol=1e-9)
    np.testing.assert_allclose(answer.people_at, [500 + 175 / 12, 450 - 175 / 12])
    np.testing.assert_allclose(_flows(valley_trips(), answer)[1], [175 / 12, 300 - 175 / 12])


def test_a_place_that_reaches_no_clinic_with_supply_has_no_cost() -> None:
    people, supply = _valley()
    costs = raam(valley_trips(), people, pd.Series({"east": 0.0, "west": 0.0}))
    assert costs.isna().all()
    assert raam(valley_trips(), people, supply).isna().tolist() == [False, False, False, True, False]


def test_a_clinic_without_supply_is_as_one_that_is_not_there() -> None:
    people, _ = _valley()
    closed = raam(valley_trips(), people, pd.Series({"east": 0.0, "west": 2.0}))
    np.testing.assert_array_equal(closed, raam(valley_trips().among(["west"]), people, pd.Series({"west": 2.0})))


def test_where_nobody_lives_the_cost_is_the_drive_to_an_empty_clinic() -> None:
    costs = raam(valley_trips(), pd.Series(0.0, index=valley_trips().places), _valley()[1])
    np.testing.assert_allclose(costs, [0, 10 / 60, 1, np.nan, 2])


def test_no_trips_at_all_give_no_costs() -> None:
    trips = trips_from({"a": {}, "b": {}}, ["c"])
    assert raam(trips, pd.Series({"a": 5.0, "b": 0.0}), pd.Series({"c": 1.0})).isna().all()


def test_nobody_can_do_better_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, demand, supply = random_trips(seed)
        answer = raam_answer(trips, demand, supply, tolerance=1e-9)
        _check_conditions(trips, demand.to_numpy(), supply.to_numpy(), answer)


def _check_conditions(trips: Trips, demand: np.ndarray, supply: np.ndarray, answer: RaamAnswer) -> None:
    """Written from the definition: used sites cost the same, others no less, and nobody is lost."""
    minutes, flows = dense_minutes(trips), _flows(trips, answer)
    reached = np.isfinite(minutes)
    served = reached.any(axis=1)
    useful = (reached & (demand > 0)[:, None]).any(axis=0)
    if useful.any():
        assert answer.people_per_unit == pytest.approx(demand[served].sum() / supply[useful].sum(), rel=1e-12)
    np.testing.assert_allclose(flows.sum(axis=1), demand * served, rtol=1e-9)
    np.testing.assert_allclose(flows.sum(axis=0), answer.people_at, rtol=1e-9, atol=1e-9)
    assert flows.min() >= 0
    costs = flows.sum(axis=0) / supply / answer.people_per_unit + minutes / 60
    least = np.where(served, costs.min(axis=1, initial=np.inf), np.nan)
    np.testing.assert_allclose(answer.cost, least, atol=1e-12)
    assert np.where(flows > 0, costs - least[:, None], 0).max() <= answer.gap + 1e-12 <= 1e-9 + 1e-12
    # Strong duality: no assignment at all has a lower Beckmann potential than these prices allow.
    price = flows.sum(axis=0) / supply / answer.people_per_unit
    room = supply * answer.people_per_unit
    potential = (room * price**2).sum() / 2 + (flows * np.where(reached, minutes, 0)).sum() / 60
    bound = (demand[served] * least[served]).sum() - (room * price**2).sum() / 2
    assert potential == pytest.approx(bound, rel=1e-7, abs=1e-7)


def test_costs_agree_with_an_independent_solver() -> None:
    for seed in range(25):
        trips, demand, supply = random_trips(seed, places=5, clinics=4)
        answer = raam_answer(trips, demand, supply, tolerance=1e-10)
        if not answer.people_of_trip.any():
            continue
        solved = _least_potential(trips, demand.to_numpy(), supply.to_numpy() * answer.people_per_unit)
        total = demand.sum()
        np.testing.assert_allclose(answer.people_at / total, solved / total, atol=2e-5, err_msg=str(seed))


def _least_potential(trips: Trips, demand: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The people of each clinic where scipy finds the least of Beckmann's potential; people as shares of all."""
    minutes = dense_minutes(trips) / 60
    place, clinic = np.nonzero(np.isfinite(minutes) & (demand > 0)[:, None])
    total = demand[np.unique(place)].sum()
    drive, wide = minutes[place, clinic], room / total

    def potential(flow: np.ndarray) -> float:
        load = np.bincount(clinic, flow, len(room))
        return float((load**2 / wide).sum() / 2 + flow @ drive)

    def slope(flow: np.ndarray) -> np.ndarray:
        return (np.bincount(clinic, flow, len(room)) / wide)[clinic] + drive

    rows = np.equal.outer(np.unique(place), place).astype(float)
    shares = demand[np.unique(place)] / total
    found = minimize(
        potential,
        rows.T @ (shares / rows.sum(axis=1)),
        jac=slope,
        bounds=[(0, 1)] * len(place),
        constraints={"type": "eq", "fun": lambda flow: rows @ flow - shares, "jac": lambda _: rows},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    return np.bincount(clinic, found.x, len(room)) * total


def test_only_ratios_count_more_people_or_more_supply_alike_change_nothing() -> None:
    for seed in range(20):
        trips, demand, supply = random_trips(seed)
        plain = raam(trips, demand, supply, tolerance=1e-9)
        np.testing.assert_allclose(raam(trips, demand * 7, supply, tolerance=1e-9), plain, atol=1e-8)
        np.testing.assert_allclose(raam(trips, demand, supply * 0.3, tolerance=1e-9), plain, atol=1e-8)


def test_a_place_cut_into_two_halves_costs_each_half_the_same() -> None:
    for seed in range(20):
        trips, demand, supply = random_trips(seed)
        twice = Trips(
            places=trips.places.append(trips.places + "*"),
            clinics=trips.clinics,
            indptr=np.concatenate([trips.indptr, trips.indptr[1:] + len(trips)]),
            clinic_index=np.tile(trips.clinic_index, 2),
            minutes=np.tile(trips.minutes, 2),
            km=np.tile(trips.km, 2),
            modes=trips.modes,
            max_minutes=trips.max_minutes,
        )
        halves = pd.Series(np.tile(demand / 2, 2), index=twice.places)
        plain = raam(trips, demand, supply, tolerance=1e-9)
        np.testing.assert_allclose(raam(twice, halves, supply, tolerance=1e-9), np.tile(plain, 2), atol=1e-8)


def test_ten_more_minutes_everywhere_cost_everybody_ten_minutes_more() -> None:
    trips, demand, supply = random_trips(4)
    later = replace(trips, minutes=trips.minutes + 10)
    np.testing.assert_allclose(
        raam(later, demand, supply, tolerance=1e-9), raam(trips, demand, supply, tolerance=1e-9) + 10 / 60, atol=1e-8
    )


def test_tau_is_the_drive_that_costs_one() -> None:
    trips, demand, supply = random_trips(5)
    slower = replace(trips, minutes=trips.minutes * 2)
    np.testing.assert_allclose(
        raam(slower, demand, supply, tau_minutes=120, tolerance=1e-9),
        raam(trips, demand, supply, tolerance=1e-9),
        atol=1e-8,
    )


def test_the_order_of_places_and_clinics_does_not_matter() -> None:
    for seed in range(20):
        trips, demand, supply = random_trips(seed)
        table = trips.to_frame().groupby("geoid")
        rows = {
            place: dict(table.get_group(place)[["clinic_id", "minutes"]].itertuples(index=False))
            if place in table.groups
            else {}
            for place in trips.places[::-1]
        }
        turned = trips_from(rows, list(trips.clinics[::-1]), max_minutes=120.0)
        costs = raam(turned, demand, supply, tolerance=1e-9).reindex(trips.places)
        np.testing.assert_allclose(costs, raam(trips, demand, supply, tolerance=1e-9), atol=1e-8)


def test_a_clinic_nobody_reaches_and_a_place_where_nobody_lives_change_nothing() -> None:
    people, supply = _valley()
    apart = trips_from({"nobody": {"far": 5.0}, "city_b": {"east": 10.0, "west": 20.0}}, ["east", "west", "far"])
    alone = trips_from({"city_b": {"east": 10.0, "west": 20.0}}, ["east", "west"])
    wide = raam(apart, people.reindex(apart.places).fillna(0), pd.Series({**supply, "far": 50.0}))
    assert wide["city_b"] == pytest.approx(raam(alone, people, supply)["city_b"], abs=1e-9)


def test_the_same_question_has_the_same_answer_to_the_bit() -> None:
    trips, demand, supply = random_trips(8)
    pd.testing.assert_series_equal(raam(trips, demand, supply), raam(trips, demand, supply), check_exact=True)


def test_an_answer_that_is_not_settled_is_refused() -> None:
    trips, demand, supply = random_trips(3, places=60, clinics=20)
    with pytest.raises(match=r"After 1 rounds .* allow more rounds") as refused:
        raam(trips, demand, supply, tolerance=1e-300, max_rounds=1)
    assert isinstance(refused.value, AccessError)


@pytest.mark.parametrize("option", ["tau_minutes", "people_per_unit", "tolerance", "max_rounds"])
def test_an_option_of_zero_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match=f"{option} is 0"):
        raam(valley_trips(), *_valley(), **{option: 0})


def test_a_missing_demand_is_refused() -> None:
    people, supply = _valley()
    with pytest.raises(TableError, match="demand of town is missing"):
        raam(valley_trips(), people.drop("town"), supply)
