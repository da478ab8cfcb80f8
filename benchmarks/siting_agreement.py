"""Our siting beside four models of spopt, on small random worlds: `python -m benchmarks.siting_agreement`."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from access.scenarios.siting.best import best_sites
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.question import SitingQuestion
from tests.siting_oracle import matrices, random_ground

SIDE = Path(__file__).parent / "peers" / "spopt_worlds.py"
QUESTIONS = (
    SitingQuestion(count=3, within=90.0),
    SitingQuestion(objective="average", count=3),
    SitingQuestion(objective="worst", count=4),
    SitingQuestion(objective="everyone", within=120.0, where_possible=True),
)


def main() -> int:
    """0: every value agrees."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.siting_agreement", description=__doc__)
    parser.add_argument("--spopt", required=True, help="the Python of an environment with spopt and pulp")
    parser.add_argument("--worlds", type=int, default=12)
    asked = parser.parse_args()
    agree = True
    for seed in range(asked.worlds):
        ground = random_ground(seed, places=60, existing=0, candidates=12)
        ours = [best_sites(question, ground).value for question in QUESTIONS]
        theirs = _theirs(ground, asked.spopt)
        agree &= np.allclose(ours, theirs)
        print(f"world {seed}: ours {ours}, spopt {theirs}, {'equal' if np.allclose(ours, theirs) else 'DIFFERENT'}")
    return int(not agree)


def _theirs(ground: SitingData, python: str) -> list[float]:
    minutes = matrices(ground)[1]
    people = ground.population
    kept = np.minimum(minutes, ground.ceiling)
    nearest = minutes.min(axis=1)
    world = {
        "minutes": kept[people > 0],
        "people": people[people > 0],
        "reached": kept[(people > 0) & np.isfinite(nearest)],
        "covered": kept[(people > 0) & (nearest <= 120.0)],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.npz"
        np.savez(file, **world)
        done = subprocess.run([python, str(SIDE), str(file)], capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
