"""What is worked out for the edits alone equals what is worked out anew, exactly, on random sequences of edits."""

import os

import numpy as np
import pandas as pd
import pytest

from access.errors import ScenarioError
from access.measures.nearest import km_to_nearest, minutes_to_nearest, nearest_clinic
from access.questions.what_if import clinics_giving
from access.scenarios import edits as kinds
from access.scenarios.apply import apply_scenario, fit_scenario
from access.scenarios.compare import nearest_after, trips_after
from access.scenarios.edits import Edit, Stop
from access.scenarios.scenario import Scenario
from access.travel.estimate import estimate_trips
from access.travel.origins import Origins, origins_of
from access.travel.trips import Trips
from access.vocabulary import TREATMENTS
from tests.test_scenarios import tables
from tests.worlds import random_world

# Sequences in each of ten tests; TRD_ACCESS_WALKS=300 makes thousands of them.
WALKS = int(os.environ.get("TRD_ACCESS_WALKS", "25"))
DAYS = ("mon", "tue", "wed", "thu", "fri")


def random_edit(rng: np.random.Generator, number: int) -> Edit:
    """Any edit, of clinics that are there, that are new, or (seldom) that are not."""
    clinic_id = f"c{rng.integers(10)}" if rng.random() < 0.8 else f"n{rng.integers(number + 1)}"
    treatment = str(rng.choice(["tms", "ect", "esketamine"]))
    point = {"latitude": round(rng.uniform(44.5, 48.9), 3), "longitude": round(rng.uniform(-115.0, -105.0), 3)}
    stops = (Stop(days=DAYS[:3], **point), Stop(days=DAYS[3:], at_clinic="c1"))
    new = {"clinic_id": f"n{number}", "name": "New", "treatments": (treatment,)}
    makers = [
        lambda: kinds.OpenClinic(**new, **point),
        lambda: kinds.OpenClinic(**new, at_clinic=clinic_id),
        lambda: kinds.CloseClinic(clinic_id=clinic_id),
        lambda: kinds.MoveClinic(clinic_id=clinic_id, **point),
        lambda: kinds.AddTreatment(clinic_id=clinic_id, treatment=treatment),
        lambda: kinds.DropTreatment(clinic_id=clinic_id, treatment="tms"),
        lambda: kinds.CertifyRems(clinic_id=clinic_id),
        lambda: kinds.AcceptPayer(clinic_id=clinic_id, payer="va"),
        lambda: kinds.ChangeCapacity(clinic_id=clinic_id, treatment="tms", capacity_per_week=5),
        lambda: kinds.ChangeHours(clinic_id=clinic_id, hours_per_week=20, instead_of=40),
        lambda: kinds.PartWeek(clinic_id=clinic_id, days=DAYS),
        lambda: kinds.MobileSite(**{**new, "treatments": ("esketamine",)}, stops=stops),
        lambda: kinds.RideProgram(name=f"r{number}"),
    ]
    return makers[rng.integers(len(makers))]()


@pytest.mark.parametrize("seed", range(10))
def test_increments_equal_full_recomputation_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, spots = random_world(seed)
    origins = origins_of(people)
    clinics, services = tables(spots)
    before = {name: clinics_giving(clinics, services, name) for name in TREATMENTS}
    trips = {name: estimate_trips(people, there, max_minutes=90) for name, there in before.items()}
    made = 0
    for _ in range(WALKS):
        wanted = tuple(random_edit(rng, number) for number in range(rng.integers(1, 13)))
        fitted = fit_scenario(Scenario(edits=wanted), clinics, services)
        kept = fitted.scenario
        misfits = list(fitted.misfits)
        assert len(kept.edits) + len(misfits) == len(wanted)
        after, given = apply_scenario(kept, clinics, services).tables
        made += len(kept.edits)
        name = str(rng.choice(["tms", "ect", "esketamine"]))
        there = clinics_giving(after, given, name)
        _assert_as_anew(people, origins, trips[name], before[name], there, rank=int(rng.integers(1, 4)))
    assert made > 2 * WALKS, "the sequences edit something"


def _assert_as_anew(
    people: pd.DataFrame, origins: Origins, trips: Trips, before: pd.DataFrame, after: pd.DataFrame, *, rank: int
) -> None:
    anew, whole = estimate_trips(people, after, max_minutes=90), trips_after(trips, origins, before, after)
    key = ["geoid", "clinic_id"]
    pd.testing.assert_frame_equal(
        whole.to_frame().sort_values(key, ignore_index=True),
        anew.to_frame().sort_values(key, ignore_index=True),
        check_exact=True,
    )
    short = nearest_after(trips, origins, before, after, rank=rank)
    assert np.array_equal(short["minutes"], minutes_to_nearest(anew, rank=rank), equal_nan=True)
    assert np.array_equal(short["km"], km_to_nearest(anew, rank=rank), equal_nan=True)
    _assert_as_near(short["clinic_id"], nearest_clinic(anew, rank=rank), anew.to_frame())


def _assert_as_near(one: pd.Series, other: pd.Series, trips: pd.DataFrame) -> None:
    """The same clinics, or (two on one spot, which have no order) clinics at the same minutes."""
    one, other = one.astype("str"), other.astype("str")
    apart = one.index[~((one == other) | (one.isna() & other.isna()))]
    minutes = trips.set_index(["geoid", "clinic_id"])["minutes"]
    for geoid in apart:
        assert minutes[geoid, one[geoid]] == minutes[geoid, other[geoid]]


def test_a_scenario_that_fits_is_applied_and_one_that_does_not_is_refused() -> None:
    rng = np.random.default_rng(99)
    clinics, services = tables(random_world(0)[1])
    refused = 0
    for _ in range(200):
        plan = Scenario(edits=tuple(random_edit(rng, number) for number in range(8)))
        fitted = fit_scenario(plan, clinics, services)
        kept = fitted.scenario
        misfits = list(fitted.misfits)
        if misfits:
            refused += 1
            with pytest.raises(ScenarioError, match=r"^Edit \d+ \("):
                apply_scenario(plan, clinics, services)
        else:
            assert kept == plan
    assert 0 < refused < 200
