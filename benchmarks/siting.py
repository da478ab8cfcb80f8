"""How fast siting is and how near the best: `python -m benchmarks.siting --spopt /path/to/python`; needs `us-2020`."""

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from access.places.pack import NATIONAL, load_pack
from access.questions.gaps import people_of
from access.questions.siting import candidates_named, siting_data_of
from access.questions.what_if import baseline
from access.scenarios.siting import additive
from access.scenarios.siting.additive import solve_exactly
from access.scenarios.siting.best import best_sites
from access.scenarios.siting.data import SitingData
from access.scenarios.siting.gains import Gains, reach_minutes_of
from access.scenarios.siting.question import SitingQuestion
from access.scenarios.siting.rules import rules_of
from benchmarks.measure import load_average, peak_mib

LIMIT = 60.0
WORLDS = {"Montana": ("MT", 5), "Texas": ("TX", 10), "the nation": (None, 20)}
OBJECTIVES = ("people", "rural", "starts", "average", "worst", "everyone", "poverty")
DENSEST = 2**30  # bytes of a matrix that spopt is still given


def main() -> int:
    """0: the nation is answered within 30 seconds, and at most 1 % from the best possible."""
    asked = _asked()
    print(f"load {load_average()}; {LIMIT:g} minutes, esketamine, towns (the largest 3,000)")
    met = True
    for name, (state, count) in WORLDS.items():
        for objective in OBJECTIVES if asked.all else OBJECTIVES[:1]:
            seconds, gap, line = _alone(_ours, state, count, objective, asked.seconds)
            print(f"{name}, {count} sites, {objective}: {line}", flush=True)
            met &= objective != "people" or (seconds <= 30 and gap <= 0.01)
        print(f"{name}, HiGHS alone: {_alone(_highs, state, count, asked.peer_seconds)}", flush=True)
        if asked.spopt:
            print(f"{name}, spopt and CBC: {_alone(_spopt, state, count, asked)}", flush=True)
    print(f"load {load_average()}")
    return int(not met)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.siting", description=__doc__)
    parser.add_argument("--spopt", help="the Python of an environment with spopt and pulp")
    parser.add_argument("--all", action="store_true", help="every objective, not only people")
    parser.add_argument("--seconds", type=float, default=30.0, help="after which our proof is broken off")
    parser.add_argument("--peer-seconds", type=float, default=120.0, help="after which HiGHS alone and spopt are")
    return parser.parse_args()


def _alone(work, *arguments):  # type: ignore[no-untyped-def]
    """What `work` gives in a new process, so that each has its own peak of memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _ground(state: str | None) -> SitingData:
    pack = load_pack(NATIONAL)
    base = baseline(pack, "esketamine", people_of(pack.people, state))
    return siting_data_of(base, candidates_named(base, state=state))


def _question(objective: str, count: int, seconds: float) -> SitingQuestion:
    more = {"adult_share": 0.779} if objective == "starts" else {}
    more |= {"where_possible": True} if objective == "everyone" else {"count": count}
    return SitingQuestion(objective=objective, seconds=seconds, **more)


def _ours(state: str | None, count: int, objective: str, seconds: float) -> tuple[float, float, str]:
    ground = _ground(state)
    # Once to compile, on a world of its own size's kind; not measured.
    best_sites(_question(objective, 1, 0.1), _ground("DE"))
    found = best_sites(_question(objective, count, seconds), ground)
    proof = "proven best" if found.proven else f"gap {found.gap:.3%}"
    size = f"{len(ground.people):,} places, {len(ground.candidates):,} candidates"
    value = f"{found.value:,.6g} {found.unit}"
    return found.seconds, found.gap, f"{found.seconds:.2f} s, {proof}, {value}; {size}; peak {peak_mib():,.0f} MiB"


def _plain(state: str | None, count: int) -> tuple[SitingData, SitingQuestion, Gains]:
    """The rows of every place that is not reached yet, not merged."""
    ground = _ground(state)
    question = _question("people", count, 1.0)
    pairs = ground.pairs(reach_minutes_of(question, ground, ground.minutes_now))
    lived = np.flatnonzero(np.diff(pairs.indptr))
    people = ground.population[lived]
    indptr = np.append(pairs.indptr[lived], pairs.indptr[-1])
    gain = np.repeat(people, np.diff(indptr))
    return ground, question, Gains(indptr, pairs.site, gain, people, len(ground.candidates))


def _highs(state: str | None, count: int, seconds: float) -> str:
    """The plain programme given to HiGHS as it is: no merging, no first answer, no prices."""

    additive._nested_covers = lambda gains, _number: (gains.indptr, gains.site.astype(np.int64), gains.weight)
    ground, question, gains = _plain(state, count)
    rules = rules_of(question, ground)
    begun = time.perf_counter()
    none = np.empty(0, np.int64)
    chosen, bound = solve_exactly(gains, rules, rules.allowed, none, seconds=seconds, seed=1)
    took = time.perf_counter() - begun
    gain = gains.gain_of(chosen)
    ended = f"gain {gain:,.0f}" if len(chosen) else f"did not finish; nothing better than {bound:,.0f} is proven"
    return f"{took:.2f} s, {ended}; peak {peak_mib():,.0f} MiB"


def _spopt(state: str | None, count: int, asked: argparse.Namespace) -> str:
    _, question, gains = _plain(state, count)
    shape = (len(gains.weight), gains.sites)
    if shape[0] * shape[1] * 8 > DENSEST:
        return f"not given to it: it wants a dense matrix of {shape[0] * shape[1] * 8 / 2**30:.1f} GiB"
    minutes = np.full(shape, 1e6)
    minutes[np.repeat(np.arange(shape[0]), np.diff(gains.indptr)), gains.site] = 0.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.npz"
        np.savez(file, minutes=minutes, people=gains.weight, limit=question.limit, count=count)
        command = [asked.spopt, str(Path(__file__).parent / "peers" / "spopt_side.py"), str(file)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=asked.peer_seconds, check=True)
        except subprocess.TimeoutExpired:
            return f"did not finish within {asked.peer_seconds:g} s"
        except subprocess.CalledProcessError as failure:
            return f"failed: {failure.stderr.splitlines()[-1] if failure.stderr else failure}"
    answer = json.loads(done.stdout.splitlines()[-1])
    return f"{answer['seconds']:.2f} s ({answer['build']:.2f} to build), gain {answer['gain']:,.0f}, {answer['status']}"


if __name__ == "__main__":
    sys.exit(main())
