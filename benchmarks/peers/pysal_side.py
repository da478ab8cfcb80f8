"""Runs in an environment of its own: PySAL `access` on a matrix that `benchmarks.peers` wrote."""

import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd

warnings.filterwarnings("ignore")

from access import fca, raam, weights  # noqa: E402

FOLDER = Path(sys.argv[1])
WITH_RAAM = "raam" in sys.argv[2:]
ZONES = {20: 1.0, 40: 0.68, 60: 0.22}
KEYS = {"demand_index": True, "supply_index": True}


def timed(call):
    begun = time.perf_counter()
    answer = call()
    return answer, time.perf_counter() - begun


def main() -> None:
    cost = pd.read_parquet(FOLDER / "cost.parquet")
    demand = pd.read_parquet(FOLDER / "demand.parquet").set_index("geoid")
    supply = pd.read_parquet(FOLDER / "supply.parquet").set_index("clinic_id")
    names = {"cost_origin": "origin", "cost_dest": "dest", "cost_name": "cost"}
    step = weights.step_fn(ZONES)
    both = {**KEYS, **names}
    near = {"cost_source": "dest", "cost_dest": "origin", "loc_index": True, "loc_value": "supply"}
    bell = weights.gaussian(20)
    calls = {
        "supply_within": lambda: fca.weighted_catchment(supply, cost, max_cost=60, **near),
        "gravity_gaussian": lambda: fca.weighted_catchment(supply, cost, max_cost=60, weight_fn=bell, **near),
        "two_step": lambda: fca.two_stage_fca(demand, supply, cost, max_cost=60, **both),
        "enhanced_two_step": lambda: fca.two_stage_fca(
            demand, supply, cost, max_cost=60, weight_fn=step, **KEYS, **names
        ),
        "three_step": lambda: fca.three_stage_fca(demand, supply, cost, max_cost=60, weight_fn=step, **both),
    }
    if WITH_RAAM:
        calls["raam"] = lambda: raam.raam(demand, supply, cost, tau=60, **both)
    seconds = {}
    for name, call in calls.items():
        answer, seconds[name] = timed(call)
        answer.rename("value").rename_axis("geoid").reset_index().to_parquet(FOLDER / f"{name}.parquet")
    (FOLDER / "seconds.json").write_text(json.dumps(seconds))


if __name__ == "__main__":
    main()
