"""How the people model was tuned: `python -m benchmarks.people_model_fit --mirror ../shared/mirror`.

Two town weights and six coefficients are fitted so that the model's people match the 2020 block groups in cells of
0.25 x 0.3 degrees (and, with a tenth of the weight, at single points). Five fits, each without a fifth of the
states, show how well the model does in states that it has not seen.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from access.geo import unit_vectors
from access.places import people_model
from access.places.people_model import WHOLE_COUNTY, spread_of_towns
from access.sources.geonames import read_places
from access.sources.us_atlas import county_shapes
from access.sources.zip_codes import read_zips
from benchmarks.people_model import Errors, clinic_lists, errors_of, read_block_groups

FITTED = ("own", "part")
TOWNS = len(FITTED)
FOLDS = 5


class Problem:
    """What the fit sees: people at each point, towns by kind at each point, the terms of the others, cells."""

    def __init__(self, blocks: pd.DataFrame, atlas: Path) -> None:
        zips = read_zips()
        counties = county_shapes(atlas)
        self.points = people_model.model_points(zips, counties)
        towns = people_model.model_towns(read_places(), zips, counties)
        tree = cKDTree(unit_vectors(self.points["latitude"], self.points["longitude"]))
        nearest = tree.query(unit_vectors(blocks["latitude"], blocks["longitude"]))[1]
        self.people = np.bincount(nearest, blocks["population"], minlength=len(self.points))
        spread = spread_of_towns(towns, self.points)
        self.towns = {
            kind: spread @ (towns["population"] * (towns["part"] == kind)).to_numpy() for kind in (*FITTED, "whole")
        }
        self.terms = people_model.predictors(self.points, towns).to_numpy()
        cell = np.floor(self.points["latitude"] / 0.25) * 10_000 + np.floor(self.points["longitude"] / 0.3)
        codes = pd.factorize(cell)[0]
        self.cells = csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))))
        self.is_fitted = ~self.points["county"].isin(list(WHOLE_COUNTY)).to_numpy()


def fit(problem: Problem, rows: np.ndarray) -> np.ndarray:
    """ln of the two weights, then the coefficients, fitted on the points `rows` (true or false)."""
    towns = np.column_stack([problem.towns[kind][rows] for kind in FITTED])
    middle = problem.terms[rows].mean(axis=0)
    width = problem.terms[rows].std(axis=0)
    middle[0], width[0] = 0, 1
    scaled = (problem.terms[rows] - middle) / width
    cells = problem.cells[:, rows]
    people = problem.people[rows]
    in_cells = cells @ people
    cell_weight = (in_cells + 2000) ** -1.2
    point_weight = 0.1 * (people + 2000) ** -1.2

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        weights = np.exp(x[:TOWNS])
        others = np.exp(np.clip(scaled @ x[TOWNS:], -8, 12))
        wrong = towns @ weights + others - people
        cell_wrong = cells @ wrong
        slope = 2 * (cells.T @ (cell_weight * cell_wrong)) + 2 * point_weight * wrong
        total = cell_weight @ cell_wrong**2 + point_weight @ wrong**2
        return total / 1e4, np.r_[(towns.T @ slope) * weights, scaled.T @ (slope * others)] / 1e4

    start = np.r_[np.log([0.7, 0.25]), np.log(3000), np.zeros(scaled.shape[1] - 1)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    slopes = best[TOWNS:] / width
    slopes[0] -= (best[TOWNS + 1 :] / width[1:]) @ middle[1:]
    return np.r_[best[:TOWNS], slopes]


def predict(problem: Problem, fitted: np.ndarray) -> pd.DataFrame:
    """The model's points with `population` as the fitted numbers give it."""
    weights = np.exp(fitted[:TOWNS])
    towns = sum(weight * problem.towns[kind] for weight, kind in zip(weights, FITTED, strict=True))
    others = np.exp(np.clip(problem.terms @ fitted[TOWNS:], -8, 12)) * problem.is_fitted
    people = people_model.scale_to_states(problem.points["state"], towns + problem.towns["whole"], others)
    return problem.points.assign(population=people)


def held_out(problem: Problem) -> pd.DataFrame:
    """The points, each state's people as a fit without that state gives them."""
    states = problem.points["state"]
    shuffled = np.random.default_rng(1).permutation(sorted(states.unique()))
    fold = states.map({state: number % FOLDS for number, state in enumerate(shuffled)}).to_numpy()
    parts = []
    for left_out in range(FOLDS):
        fitted = fit(problem, (fold != left_out) & problem.is_fitted)
        parts.append(predict(problem, fitted)[fold == left_out])
    return pd.concat(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--atlas", type=Path, default=Path("node_modules/us-atlas"))
    chosen: Any = parser.parse_args()
    blocks = read_block_groups(chosen.mirror)
    problem = Problem(blocks, chosen.atlas)
    fitted = fit(problem, problem.is_fitted)
    print("weights:", dict(zip(FITTED, np.exp(fitted[:TOWNS]).round(2), strict=True)))
    print("coefficients:", dict(zip(people_model.COEFFICIENTS, fitted[TOWNS:].round(4), strict=True)))
    lists = clinic_lists(chosen.mirror, blocks)
    tables: dict[str, Errors] = {}
    for name, people in (
        ("all states fitted", predict(problem, fitted)),
        ("state left out", held_out(problem)),
    ):
        tables[name] = errors_of(people, blocks, lists)
        print(f"\n{name}\n{tables[name].table.round(2).to_string()}\n{tables[name].summary}")


if __name__ == "__main__":
    main()
