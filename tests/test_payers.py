"""Access for one payer with the unknown kept unknown, and by any acceptable treatment."""

import numpy as np
import pandas as pd
import pytest

from access.measures.payers import nearest_treatment, payer_bounds, payer_shares_beyond
from access.travel.trips import Trips
from access.vocabulary import TREATMENTS
from tests.worlds import dense_minutes, random_trips, valley_people, valley_trips


def _services(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["clinic_id", "treatment", "payers_accepted", "payers_refused"])
    return table.astype("str")


def _random_services(seed: int, clinics: pd.Index) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    cells = ["", "medicaid", "medicare|medicaid", "va"]
    rows = [(c, t, rng.choice(cells), rng.choice(cells)) for c in clinics for t in TREATMENTS if rng.random() < 0.5]
    return _services(*rows)


def test_bounds_by_pencil() -> None:
    # West says it takes Medicaid, East says nothing: stated is the way to West, possible the nearer of the two.
    services = _services(("east", "tms", "private", ""), ("west", "tms", "medicaid|va", ""))
    bounds = payer_bounds(valley_trips(), services, "medicaid")
    np.testing.assert_array_equal(bounds["minutes_stated"], [30, 20, 60, np.nan, 120])
    np.testing.assert_array_equal(bounds["minutes_possible"], [0, 10, 60, np.nan, 120])


def test_a_clinic_that_refuses_is_never_counted() -> None:
    services = _services(("east", "tms", "", "medicaid"), ("west", "tms", "", ""))
    bounds = payer_bounds(valley_trips(), services, "medicaid")
    assert bounds["minutes_stated"].isna().all()
    np.testing.assert_array_equal(bounds["minutes_possible"], [30, 20, 60, np.nan, 120])


def test_what_is_stated_of_another_treatment_does_not_count() -> None:
    services = _services(("east", "tms", "medicaid", ""), ("east", "ketamine_iv", "", ""), ("west", "ect", "", ""))
    assert payer_bounds(valley_trips(), services, "medicaid")["minutes_stated"]["city_a"] == 0
    ketamine = payer_bounds(valley_trips(), services, "medicaid", treatments=["ketamine_iv"])
    assert ketamine["minutes_stated"].isna().all()
    np.testing.assert_array_equal(ketamine["minutes_possible"], [0, 10, 90, np.nan, np.nan])


def test_shares_beyond_by_pencil() -> None:
    # Beyond 15 minutes: stated (30, 20, 60, none) all 1000; possible (0, 10, 60, none) 150 + 50.
    services = _services(("east", "tms", "private", ""), ("west", "tms", "medicaid|va", ""))
    table = payer_shares_beyond(
        payer_bounds(valley_trips(), services, "medicaid"), valley_people(), [15, 60]
    ).set_index("beyond")
    assert table.loc[15, ["share_low", "share_high"]].tolist() == [0.2, 1.0]
    assert table.loc[60, ["people_beyond_low", "people_beyond_high"]].tolist() == [50, 50]
    assert table["people_unreached_high"].tolist() == [50, 50]


def test_shares_by_group_have_a_low_and_a_high() -> None:
    services = _services(("east", "tms", "", ""), ("west", "tms", "medicaid", ""))
    bounds = payer_bounds(valley_trips(), services, "medicaid")
    table = payer_shares_beyond(bounds, valley_people(), [15], by=["rurality"]).set_index("rurality")
    assert table.loc["urban", ["share_low", "share_high"]].tolist() == [0, 1]
    assert table.loc["rural", ["share_low", "share_high"]].tolist() == [1, 1]


def test_bounds_agree_with_a_plain_loop_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, _, _ = random_trips(seed, places=6, clinics=4)
        services = _random_services(seed, trips.clinics[:-1])
        bounds = payer_bounds(trips, services, "medicaid")
        taken, open_ = [], []
        for clinic in trips.clinics:
            rows = [row for row in services.itertuples() if row.clinic_id == clinic]
            says = any("medicaid" in row.payers_accepted.split("|") for row in rows)
            refuses = any("medicaid" in row.payers_refused.split("|") for row in rows)
            taken.append(says)
            open_.append(bool(rows) and (says or not refuses))
        for column, allowed in (("minutes_stated", taken), ("minutes_possible", open_)):
            nearest = np.where(allowed, dense_minutes(trips), np.inf).min(axis=1)
            np.testing.assert_array_equal(bounds[column], np.where(np.isfinite(nearest), nearest, np.nan))


def test_the_possible_is_never_farther_than_the_stated_and_learning_more_never_widens_the_bounds() -> None:
    for seed in range(20):
        trips, _, _ = random_trips(seed)
        services = _random_services(seed, trips.clinics)
        bounds = payer_bounds(trips, services, "va").fillna(np.inf)
        assert (bounds["minutes_possible"] <= bounds["minutes_stated"]).all()
        named = (services["payers_accepted"] + services["payers_refused"]).str.contains("va")
        silent = ~services["clinic_id"].isin(services.loc[named, "clinic_id"])
        for column in ("payers_accepted", "payers_refused"):
            told = services.assign(**{column: services[column].where(~silent, "va")})
            learnt = payer_bounds(trips, told, "va").fillna(np.inf)
            assert (learnt["minutes_possible"] >= bounds["minutes_possible"]).all()
            assert (learnt["minutes_stated"] <= bounds["minutes_stated"]).all()


def test_the_order_of_services_and_a_clinic_nobody_reaches_change_nothing() -> None:
    trips, _, _ = random_trips(3)
    services = _random_services(3, trips.clinics)
    more = pd.concat([services[::-1], _services(("nowhere", "tms", "medicaid", ""))])
    pd.testing.assert_frame_equal(payer_bounds(trips, more, "medicaid"), payer_bounds(trips, services, "medicaid"))


def test_nearest_treatment_by_pencil() -> None:
    services = _services(("east", "tms", "", ""), ("east", "ect", "", ""), ("west", "ketamine_iv", "", ""))
    table = nearest_treatment(valley_trips(), services, ["ect", "ketamine_iv", "tms"])
    np.testing.assert_array_equal(table["minutes"], [0, 10, 60, np.nan, 120])
    assert table["treatments"].fillna("").tolist() == ["tms|ect", "tms|ect", "ketamine_iv", "", "ketamine_iv"]
    ketamine = nearest_treatment(valley_trips(), services, ["ketamine_iv"])
    np.testing.assert_array_equal(ketamine["minutes"], [30, 20, 60, np.nan, 120])


def test_nearest_treatment_agrees_with_a_plain_loop_on_200_random_worlds() -> None:
    for seed in range(200):
        trips, _, _ = random_trips(seed, places=6, clinics=4)
        services = _random_services(seed, trips.clinics)
        accepted = ["tms", "ect", "esketamine"][: 1 + seed % 3]
        table = nearest_treatment(trips, services, accepted)
        gives = {(row.clinic_id, row.treatment) for row in services.itertuples()}
        for at, row in enumerate(dense_minutes(trips)):
            reach = [
                (t, name)
                for t, clinic in zip(row, trips.clinics, strict=True)
                for name in accepted
                if np.isfinite(t) and (clinic, name) in gives
            ]
            best = min(reach, default=(np.nan, ""))[0]
            names = "|".join(name for name in TREATMENTS if (best, name) in reach)
            np.testing.assert_equal(table["minutes"].iloc[at], best)
            assert table["treatments"].fillna("").iloc[at] == names


def test_more_acceptable_treatments_are_never_farther() -> None:
    trips, _, _ = random_trips(9)
    services = _random_services(9, trips.clinics)
    few = nearest_treatment(trips, services, ["ect"])["minutes"].fillna(np.inf)
    many = nearest_treatment(trips, services, ["ect", "tms"])["minutes"].fillna(np.inf)
    assert (many <= few).all()


def test_no_clinics_at_all_leave_every_place_without() -> None:
    none: Trips = valley_trips().among([])
    services = _services(("east", "tms", "medicaid", ""))
    assert payer_bounds(none, services, "medicaid").isna().all(axis=None)
    assert nearest_treatment(none, services, ["tms"]).isna().all(axis=None)


def test_an_unknown_payer_or_treatment_is_refused() -> None:
    services = _services(("east", "tms", "medicaid", ""))
    with pytest.raises(ValueError, match="no payer 'aetna'; use one of medicare"):
        payer_bounds(valley_trips(), services, "aetna")
    with pytest.raises(ValueError, match="no treatment 'yoga'"):
        payer_bounds(valley_trips(), services, "medicaid", treatments=["yoga"])
    with pytest.raises(ValueError, match="no treatment 'yoga'"):
        nearest_treatment(valley_trips(), services, ["tms", "yoga"])
    with pytest.raises(ValueError, match="at least one treatment"):
        nearest_treatment(valley_trips(), services, [])
