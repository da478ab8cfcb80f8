"""How often the merging of clinics is right: precision and recall on pairs that a person labelled."""

import argparse
import hashlib
from pathlib import Path

import pandas as pd

from access.places.clinics import Merged, merge_clinics
from access.places.gazetteer import load_gazetteer, place_clinics
from access.places.pack import load_pack
from access.sources.samhsa import directory

FILE = "www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx"
PAIRS = Path(__file__).parent.parent / "tests" / "labelled_pairs.csv"


def merged_lists(mirror: Path, *, shuffled: int | None = None) -> Merged:
    """The starter clinics merged with SAMHSA's directory of 2024; `shuffled`: the seed of the rows' order."""
    starter = load_pack("starter")
    listed = directory(mirror / FILE, source_url=f"https://{FILE}")
    homeless = listed.clinics.assign(latitude=float("nan"), longitude=float("nan"), location_precision=None)
    placed = place_clinics(homeless, load_gazetteer())
    tables = [starter.clinics, placed]
    if shuffled is not None:
        tables = [table.sample(frac=1, random_state=shuffled) for table in tables]
    return merge_clinics([(tables[0], starter.services), (tables[1], listed.services)])


def judged(merged: Merged) -> pd.DataFrame:
    """The labelled pairs with `is_same` and `is_joined` (bool), and `half`: tuned or held_out."""
    pairs = pd.read_csv(PAIRS, dtype="str")
    site = merged.kept_id.astype("object")
    return pairs.assign(
        is_same=pairs["label"] == "same",
        is_joined=site.reindex(pairs["one"]).to_numpy() == site.reindex(pairs["other"]).to_numpy(),
        half=[_half(one, other) for one, other in zip(pairs["one"], pairs["other"], strict=True)],
    )


def precision_and_recall(pairs: pd.DataFrame) -> tuple[float, float]:
    """Of the pairs joined, the share that is one site; of the pairs that are one site, the share joined."""
    right = int((pairs["is_same"] & pairs["is_joined"]).sum())
    return right / int(pairs["is_joined"].sum()), right / int(pairs["is_same"].sum())


def _half(one: str, other: str) -> str:
    digest = hashlib.sha256("|".join(sorted((one, other))).encode()).digest()
    return "held_out" if digest[0] % 2 else "tuned"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, required=True)
    pairs = judged(merged_lists(parser.parse_args().mirror))
    for half, rows in pairs.groupby("half"):
        precision, recall = precision_and_recall(rows)
        counts = f"{len(rows)} pairs, {rows['is_same'].sum()} of one site, {rows['is_joined'].sum()} joined"
        print(f"{half}: precision {precision:.3f}, recall {recall:.3f} ({counts})")
    wrong = pairs.assign(is_wrong=pairs["is_same"] != pairs["is_joined"])
    by_reason = wrong.groupby(["half", "label", "reason"])["is_wrong"]
    print(by_reason.agg(pairs="size", wrong="sum").to_string())


if __name__ == "__main__":
    main()
