"""python -m benchmarks.peers [--pack us-2020 --treatment ect]: PySAL `access` and ours on the same matrices.

PySAL's package has our import name, so it lives in an environment of its own, made once under the temporary folder.
R `accessibility` is not compared: no registry that this project reaches holds R packages.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np
import pandas as pd

from access.measures.catchment import enhanced_catchment, three_step_catchment, two_step_catchment
from access.measures.decay import E2SFCA_RURAL, gaussian_decay
from access.measures.gravity import gravity, supply_within
from access.measures.raam import raam
from access.places.pack import load_pack
from access.questions.gaps import treatment_trips
from access.travel.mode import Mode
from access.travel.trips import Trips

PEER = "access==1.1.10.post3"
SIDE = Path(__file__).with_name("pysal_side.py")
# Why values differ on purpose. PySAL also leaves out places that reach nothing; ours count them, with 0.
WHY = {"raam": "PySAL moves whole people in steps and stops after 150 rounds; ours settles fractions to a gap of 1e-5"}


def environment() -> Path:
    home = Path(tempfile.gettempdir()) / "trd-access-peers"
    python = home / "bin" / "python"
    if not (home / "ready").is_file():
        venv.EnvBuilder(with_pip=True, clear=True).create(home)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", PEER, "pyarrow"], check=True)
        (home / "ready").write_text(PEER)
    return python


def random_matrix(seed: int = 1, places: int = 400, clinics: int = 30) -> tuple[Trips, pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 60, (clinics, 2))
    homes = rng.uniform(0, 60, (places, 2))
    minutes = np.hypot(*(homes[:, None] - spots[None]).transpose(2, 0, 1)).astype(np.float32)
    order = np.argsort(minutes, axis=1, kind="stable")
    trips = Trips(
        places=pd.Index([f"p{i}" for i in range(places)], name="geoid"),
        clinics=pd.Index([f"c{j}" for j in range(clinics)], name="clinic_id"),
        indptr=np.arange(0, places * clinics + 1, clinics, dtype=np.int64),
        clinic_index=order.ravel().astype(np.int32),
        minutes=np.take_along_axis(minutes, order, 1).ravel(),
        km=np.take_along_axis(minutes, order, 1).ravel(),
        modes=(Mode("random plane"),),
        max_minutes=240.0,
    )
    demand = pd.Series(rng.integers(1, 3000, places).astype(float), index=trips.places)
    return trips, demand, pd.Series(rng.integers(1, 20, clinics).astype(float), index=trips.clinics)


def national_matrix(pack_name: str, treatment: str) -> tuple[Trips, pd.Series, pd.Series]:
    pack = load_pack(pack_name)
    trips = treatment_trips(pack.people, pack.clinics, pack.services, [treatment])
    demand = pack.people.set_index("geoid")["population"].astype(float)
    return trips, demand, pd.Series(1.0, index=trips.clinics)


def ours(trips: Trips, demand: pd.Series, supply: pd.Series, with_raam: bool) -> dict[str, tuple[pd.Series, float]]:
    bell = gaussian_decay(20, max_minutes=60)
    calls = {
        "supply_within": lambda: supply_within(trips, supply, max_minutes=60),
        "gravity_gaussian": lambda: gravity(trips, supply, decay=bell),
        "two_step": lambda: two_step_catchment(trips, demand, supply, max_minutes=60),
        "enhanced_two_step": lambda: enhanced_catchment(trips, demand, supply, decay=E2SFCA_RURAL),
        "three_step": lambda: three_step_catchment(trips, demand, supply, decay=E2SFCA_RURAL),
    }
    if with_raam:
        calls["raam"] = lambda: raam(trips, demand, supply)
    return {name: best_of_three(call) for name, call in calls.items()}


def best_of_three(call):
    answer = call()
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        answer = call()
        times.append(time.perf_counter() - begun)
    return answer, min(times)


def theirs(folder: Path, trips: Trips, demand: pd.Series, supply: pd.Series, with_raam: bool) -> dict[str, float]:
    cost = trips.to_frame().rename(columns={"geoid": "origin", "clinic_id": "dest", "minutes": "cost"})
    cost[["origin", "dest", "cost"]].astype({"cost": "float64"}).to_parquet(folder / "cost.parquet")
    demand.rename("demand").rename_axis("geoid").reset_index().to_parquet(folder / "demand.parquet")
    supply.rename("supply").rename_axis("clinic_id").reset_index().to_parquet(folder / "supply.parquet")
    command = [str(environment()), str(SIDE), str(folder), *(["raam"] if with_raam else [])]
    subprocess.run(command, check=True, cwd=folder)
    return json.loads((folder / "seconds.json").read_text())


def compare(title: str, matrix: tuple[Trips, pd.Series, pd.Series], *, with_raam: bool) -> pd.DataFrame:
    trips, demand, supply = matrix
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        seconds = theirs(Path(folder), trips, demand, supply, with_raam)
        for name, (mine, took) in ours(trips, demand, supply, with_raam).items():
            peer = pd.read_parquet(Path(folder) / f"{name}.parquet").set_index("geoid")["value"]
            peer = peer.reindex(mine.index)
            far = (mine - peer.fillna(0)).abs() if name != "raam" else (mine - peer).abs()
            rows.append(
                {
                    "matrix": title,
                    "measure": name,
                    "largest difference": f"{far.max():.2g}",
                    "of the largest value": f"{far.max() / mine.max():.2g}",
                    "left out by PySAL": int(peer.isna().sum()),
                    "PySAL s": f"{seconds[name]:.3f}",
                    "ours s": f"{took:.4f}",
                    "times faster": f"{seconds[name] / took:.0f}",
                    "why they differ": WHY.get(name, ""),
                }
            )
    return pd.DataFrame(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", help="a national pack to compare on too")
    parser.add_argument("--treatment", default="ect")
    asked = parser.parse_args()
    tables = [compare("random, 400 x 30", random_matrix(), with_raam=True)]
    if asked.pack:
        matrix = national_matrix(asked.pack, asked.treatment)
        title = f"{asked.pack} {asked.treatment}, {len(matrix[0]):,} pairs"
        tables.append(compare(title, matrix, with_raam=False))
    with pd.option_context("display.width", 250, "display.max_columns", 20, "display.max_colwidth", 110):
        sys.stdout.write(pd.concat(tables).to_string(index=False) + "\n")


if __name__ == "__main__":
    main()
