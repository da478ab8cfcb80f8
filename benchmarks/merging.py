"""How often the merging of clinics is right: precision and recall on pairs that a person labelled."""

import argparse
import hashlib
from pathlib import Path

import pandas as pd

from access.places.directory.merge import MergedClinics, merge_clinics
from access.places.gazetteer.lookup import load_gazetteer, place_clinics
from access.places.pack import load_pack
from access.sources.samhsa.directory import read_samhsa_directory

FILE = "www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx"
TESTS = Path(__file__).parent.parent / "tests"
PAIRS = TESTS / "labelled_pairs.csv"
BLIND = TESTS / "labelled_blind.csv"


def merged_lists(mirror: Path, *, shuffled: int | None = None, every: bool = False) -> MergedClinics:
    """The starter clinics merged with SAMHSA's directory of 2024.

    `shuffled`: the seed of the rows' order. `every`: also its facilities with no treatment that the project lists.
    """
    starter = load_pack("starter")
    listed = read_samhsa_directory(mirror / FILE, source_url=f"https://{FILE}", every=every)
    homeless = listed.clinics.assign(latitude=float("nan"), longitude=float("nan"), location_precision=None)
    placed = place_clinics(homeless, load_gazetteer())
    tables = [starter.clinics, placed]
    if shuffled is not None:
        tables = [table.sample(frac=1, random_state=shuffled) for table in tables]
    return merge_clinics([(tables[0], starter.services), (tables[1], listed.services)])


def judged(merged: MergedClinics, pairs: Path = PAIRS) -> pd.DataFrame:
    """The labelled pairs, but the unsure, with `is_same` and `is_joined` (bool), and `half`: tuned or held_out.

    The blind pairs that were drawn after the rules were made are all held out: `half` is last.
    """
    rows = pd.read_csv(pairs, dtype="str")
    rows = rows[rows["label"] != "unsure"].reset_index(drop=True)
    site = merged.kept_id.astype("object")
    halves = pd.Series([_half(one, other) for one, other in zip(rows["one"], rows["other"], strict=True)])
    return rows.assign(
        is_same=rows["label"] == "same",
        is_joined=site.reindex(rows["one"]).to_numpy() == site.reindex(rows["other"]).to_numpy(),
        half=halves.where(rows["part"] == "first", "last") if "part" in rows else halves,
    )


def precision_and_recall(pairs: pd.DataFrame) -> tuple[float, float]:
    """Of the pairs joined, the share that is one site; of the pairs that are one site, the share joined."""
    right = int((pairs["is_same"] & pairs["is_joined"]).sum())
    joined = int(pairs["is_joined"].sum())
    same = int(pairs["is_same"].sum())
    return (right / joined if joined else float("nan")), (right / same if same else float("nan"))


def _half(one: str, other: str) -> str:
    digest = hashlib.sha256("|".join(sorted((one, other))).encode()).digest()
    return "held_out" if digest[0] % 2 else "tuned"


def _tell(title: str, rows: pd.DataFrame) -> None:
    precision, recall = precision_and_recall(rows)
    counts = f"{len(rows)} pairs, {rows['is_same'].sum()} of one site, {rows['is_joined'].sum()} joined"
    print(f"{title}: precision {precision:.3f}, recall {recall:.3f} ({counts})")


def _tell_set(name: str, pairs: pd.DataFrame, kind: str) -> None:
    for half, rows in pairs.groupby("half"):
        _tell(f"{name}, {half}", rows)
    wrong = pairs.assign(is_wrong=pairs["is_same"] != pairs["is_joined"])
    by_kind = wrong.groupby(["half", "label", kind])["is_wrong"]
    print(by_kind.agg(pairs="size", wrong="sum").to_string())
    for row in wrong[wrong["is_wrong"]].itertuples():
        print(f"{name}, {row.half}, {row.reason}: {row.one} {row.other} {row.label}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, required=True)
    mirror = parser.parse_args().mirror
    _tell_set("first set", judged(merged_lists(mirror)), "reason")
    _tell_set("blind set", judged(merged_lists(mirror, every=True), BLIND), "stratum")


if __name__ == "__main__":
    main()
