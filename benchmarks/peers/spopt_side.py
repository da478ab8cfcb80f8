"""What runs in spopt's own environment: `python spopt_side.py WORLD.npz`; prints one line of JSON."""

import json
import sys
import time

import numpy as np
import pulp
from spopt.locate import MCLP


def main() -> None:
    """Solves the maximum cover of the file: `minutes` (places by candidates), `people`, `limit`, `count`."""
    world = np.load(sys.argv[1])
    begun = time.perf_counter()
    problem = MCLP.from_cost_matrix(
        world["minutes"], world["people"], service_radius=float(world["limit"]), p_facilities=int(world["count"])
    )
    built = time.perf_counter() - begun
    problem = problem.solve(pulp.PULP_CBC_CMD(msg=False, threads=1))
    chosen = [site for site, clients in enumerate(problem.fac2cli) if clients]
    reached = (world["minutes"][:, chosen] <= world["limit"]).any(axis=1)
    answer = {"gain": float(world["people"][reached].sum()), "build": built, "seconds": time.perf_counter() - begun}
    print(json.dumps(answer | {"status": pulp.LpStatus[problem.problem.status]}))


if __name__ == "__main__":
    main()
