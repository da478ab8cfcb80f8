"""Every measure on the whole country: `python -m benchmarks.national --clinics 750 2000 20000`, pack us-2020."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator

import numba
import numpy as np
import pandas as pd

from access.measures.catchment import enhanced_catchment, three_step_catchment, two_step_catchment
from access.measures.decay import E2SFCA_RURAL, Decay
from access.measures.gravity import gravity, gravity_with_competition
from access.measures.nearest import clinics_within, minutes_to_nearest
from access.measures.raam import raam
from access.measures.supply import demand_of
from access.places.pack import NATIONAL, load_pack
from access.questions.measure_registry import DECAYS, decay_named
from access.travel.estimate import MAX_MINUTES, estimate_trips
from access.travel.trips import Trips
from benchmarks.measure import load_average, peak_mib, timed
from benchmarks.scale import STREET_DEGREES, around, sample

REPEATS = 5


def main() -> int:
    asked = _asked()
    people = load_pack(asked.pack).people
    for clinics in asked.clinics:
        _compare(people, clinics)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.national", description=__doc__)
    parser.add_argument("--pack", default=NATIONAL, help="a pack in TRD_ACCESS_DATA")
    parser.add_argument("--clinics", type=int, nargs="+", default=[750, 2_000, 20_000])
    return parser.parse_args()


def _compare(people: pd.DataFrame, count: int) -> None:
    clinics = around(people, sample(people, count, by_population=True), STREET_DEGREES, 2)
    clinics = clinics.assign(clinic_id=[f"c{number:05}" for number in range(count)])
    reach = MAX_MINUTES if count <= 2_000 else 60.0
    begun = time.perf_counter()
    trips = estimate_trips(people, clinics, max_minutes=reach, landmarks=people)
    took = time.perf_counter() - begun
    print(f"\n{len(people):,} places, {count:,} clinics within {reach:g} minutes: {len(trips.minutes):,} trips,")
    print(f"made in {took:.2f} s; peak {peak_mib():,.0f} MiB; {numba.get_num_threads()} threads; load {load_average()}")
    one_pass = _best(lambda: _read_once(trips.minutes, trips.clinic_index))
    print(f"{'one pass over the matrix in memory':45} {one_pass * 1000:9.1f} ms")
    for name, call in _calls(trips, people, count):
        took = _best(call)
        print(f"{name:45} {took * 1000:9.1f} ms  {took / one_pass:6.1f} passes")
    print(f"peak of the process: {peak_mib():,.0f} MiB")


def _calls(trips: Trips, people: pd.DataFrame, count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    demand = demand_of(people)
    supply = pd.Series(1.0, index=trips.clinics)
    yield "nearest", lambda: minutes_to_nearest(trips)
    yield "10th nearest", lambda: minutes_to_nearest(trips, rank=10)
    yield "clinics within 60", lambda: clinics_within(trips, max_minutes=60)
    for name in DECAYS:
        decay = decay_named(name, trips.max_minutes)
        yield f"gravity, {name} up to {trips.max_minutes:g}", _gravity(trips, supply, decay)
    yield (
        "gravity with competition, exponential",
        lambda: gravity_with_competition(trips, demand, supply, decay=decay_named("exponential", trips.max_minutes)),
    )
    yield "2SFCA, 60", lambda: two_step_catchment(trips, demand, supply, max_minutes=60)
    yield "E2SFCA, 20/40/60", lambda: enhanced_catchment(trips, demand, supply, decay=E2SFCA_RURAL)
    yield "3SFCA, 20/40/60", lambda: three_step_catchment(trips, demand, supply, decay=E2SFCA_RURAL)
    if count <= 2_000:
        yield "RAAM", lambda: raam(trips, demand, supply)


def _gravity(trips: Trips, supply: "pd.Series[float]", decay: Decay) -> Callable[[], object]:
    return lambda: gravity(trips, supply, decay=decay)


def _best(call: Callable[[], object]) -> float:
    return min(timed(call, REPEATS))


@numba.njit(parallel=True)
def _read_once(minutes: "np.ndarray[tuple[int], np.dtype[np.float32]]", index: "np.ndarray") -> float:
    total = 0.0
    for k in numba.prange(len(minutes)):
        total += minutes[k] + index[k]
    return total


if __name__ == "__main__":
    sys.exit(main())
