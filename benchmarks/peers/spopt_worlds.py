"""Runs in spopt's own environment: `python spopt_worlds.py WORLD.npz`; prints the values of its four models as JSON."""

import json
import sys
import warnings

import numpy as np
import pulp

warnings.filterwarnings("ignore")

from spopt.locate import LSCP, MCLP, PCenter, PMedian  # noqa: E402


def opened(problem) -> list[int]:
    solved = problem.solve(pulp.PULP_CBC_CMD(msg=False))
    return [site for site, variable in enumerate(solved.fac_vars) if variable.value() > 0.5]


def main() -> None:
    world = np.load(sys.argv[1])
    minutes = world["minutes"]
    people = world["people"]
    near = minutes[:, opened(MCLP.from_cost_matrix(minutes, people, 90.0, 3))] <= 90.0
    median = minutes[:, opened(PMedian.from_cost_matrix(minutes, people, 3))].min(axis=1)
    center = world["reached"][:, opened(PCenter.from_cost_matrix(world["reached"], 4))].min(axis=1)
    values = [people[near.any(axis=1)].sum(), median @ people / people.sum(), center.max()]
    print(json.dumps([*map(float, values), len(opened(LSCP.from_cost_matrix(world["covered"], 120.0)))]))


if __name__ == "__main__":
    main()
