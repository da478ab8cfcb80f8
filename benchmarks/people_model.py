"""The error of the modelled people: `python -m benchmarks.people_model --mirror ../shared/mirror`.

For several clinic lists: the share of people beyond 16, 48, 80 and 160 km of the nearest clinic, by the starter
pack's modelled people against the 2020 block groups. Distances are great-circle.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from access.geo import unit_vectors
from access.places.gazetteer.lookup import load_gazetteer
from access.places.pack import load_pack
from access.sources.zip_codes import read_zips
from access.units import EARTH_RADIUS_KM
from access.vocabulary import STATE_OF_FIPS

LIMITS_KM = (16, 48, 80, 160)
RANDOM_SIZES = (150, 500, 2000)
SEEDS = (1, 2)
RURALITIES = ("urban", "large_town", "small_town", "rural")
CENTRES = "www2.census.gov/geo/docs/reference/cenpop2020/blkgrp/CenPop2020_Mean_BG.txt"
DIRECTORY = "www.samhsa.gov/data/national-directory-mh-facilities-2024.xlsx"
RUCA_BY_ZIP = "www.ers.usda.gov/media/5444/RUCA-codes-2020-zipcode.csv"
RUCA = "www.ers.usda.gov/media/5443/2020-rural-urban-commuting-area-codes-census-tracts.csv"
Points = np.ndarray


@dataclass(frozen=True)
class Errors:
    """Model minus block groups, in points of percent: `table` one row per list; `worst` state by state."""

    table: pd.DataFrame
    worst: "pd.Series[float]"

    @property
    def summary(self) -> str:
        """Means over the lists, in the order of LIMITS_KM."""
        nation = self.table[[f"nation {km}" for km in LIMITS_KM]].abs().mean().round(2).tolist()
        states = self.table[[f"states {km}" for km in LIMITS_KM]].mean().round(2).tolist()
        return f"mean absolute error over the lists, {LIMITS_KM} km: nation {nation}, by state {states} points"


def read_block_groups(mirror: Path) -> pd.DataFrame:
    """Inhabited block groups of the 50 states and DC: `state`, `tract`, `latitude`, `longitude`, `population`."""
    raw = pd.read_csv(mirror / CENTRES, dtype=str, encoding="utf-8-sig")
    table = pd.DataFrame(
        {
            "state": raw["STATEFP"].map(STATE_OF_FIPS),
            "tract": raw["STATEFP"] + raw["COUNTYFP"] + raw["TRACTCE"],
            "latitude": raw["LATITUDE"].astype(float),
            "longitude": raw["LONGITUDE"].astype(float),
            "population": raw["POPULATION"].astype(int),
        }
    )
    return table[(table["state"] != "PR") & (table["population"] > 0)].reset_index(drop=True)


def clinic_lists(mirror: Path, blocks: pd.DataFrame) -> dict[str, Points]:
    """Clinic points (latitude, longitude) by name: real lists, and random ones drawn where people live."""
    pack = load_pack("starter")
    zips = load_gazetteer().zips.set_index("zip")[["latitude", "longitude"]]
    place_of = pack.clinics.set_index("clinic_id")[["latitude", "longitude"]]
    lists = {
        f"starter {treatment}": place_of.loc[rows["clinic_id"].unique()].to_numpy()
        for treatment, rows in pack.services.groupby("treatment")
        if len(rows) > 20
    }
    listed = pd.read_excel(mirror / DIRECTORY, sheet_name="Facilities List", dtype=str, engine="calamine")
    listed["zip"] = listed["zip"].str.split(".").str[0].str[:5].str.zfill(5)
    codes = listed["service_code_info"].fillna("").str.split()
    for name, wanted in (("SAMHSA ECT", {"ECT"}), ("SAMHSA any", {"ECT", "KIT", "TMS"})):
        gives = codes.map(lambda cell, wanted=wanted: bool(wanted & set(cell)))
        lists[name] = zips.reindex(listed.loc[gives, "zip"]).dropna().to_numpy()
    standard = read_zips().query("kind == 'standard'").dropna(subset="latitude")
    points = standard[["latitude", "longitude"]].drop_duplicates().to_numpy()
    nearest = cKDTree(unit_vectors(*points.T)).query(unit_vectors(blocks["latitude"], blocks["longitude"]))[1]
    weight = np.bincount(nearest, blocks["population"], minlength=len(points))
    for size in RANDOM_SIZES:
        for seed in SEEDS:
            drawn = np.random.default_rng(seed).choice(len(points), size, p=weight / weight.sum())
            lists[f"random {size} #{seed}"] = points[drawn]
    return lists


def shares_beyond(people: pd.DataFrame, clinics: Points, by: str | None = None) -> pd.DataFrame:
    """Percent of people beyond each of LIMITS_KM: one row, or one for each group of the column `by`."""
    vectors = unit_vectors(people["latitude"], people["longitude"])
    chord = cKDTree(unit_vectors(*clinics.T)).query(vectors)[0]
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1))
    groups = people[by] if by else pd.Series("nation", index=people.index)
    beyond = pd.DataFrame({limit: (km > limit) * people["population"] for limit in LIMITS_KM}, index=people.index)
    return 100 * beyond.groupby(groups).sum().div(people["population"].groupby(groups).sum(), axis=0)


def errors_of(people: pd.DataFrame, blocks: pd.DataFrame, lists: dict[str, Points]) -> Errors:
    """The model's error for each list: the nation's, the mean absolute one over states, the worst state's."""
    rows = {}
    worst = {}
    for name, clinics in lists.items():
        nation = (shares_beyond(people, clinics) - shares_beyond(blocks, clinics)).iloc[0]
        states = (shares_beyond(people, clinics, "state") - shares_beyond(blocks, clinics, "state")).abs()
        worst[name] = states.max(axis=1)
        rows[name] = {
            "sites": len(clinics),
            **{f"nation {limit}": nation[limit] for limit in LIMITS_KM},
            **{f"states {limit}": states[limit].mean() for limit in LIMITS_KM},
            "worst": states.max().max(),
            "worst state": states.max(axis=1).idxmax(),
        }
    return Errors(pd.DataFrame(rows).T.infer_objects(), pd.DataFrame(worst).max(axis=1).sort_values(ascending=False))


def county_errors(people: pd.DataFrame, blocks: pd.DataFrame) -> str:
    """How far the people of single counties are off, in a sentence."""
    # us-atlas has the Alaskan county 02261, which the Census of 2020 has as two.
    counted = blocks["tract"].str[:5].replace({"02063": "02261", "02066": "02261"})
    real = blocks["population"].groupby(counted).sum()
    off = (people.groupby("county")["population"].sum().reindex(real.index, fill_value=0) - real).abs()
    share = off / real
    lost = real[~real.index.isin(people["county"])]
    return (
        f"Counties: {len(lost)} of {len(real)} have no point ({lost.sum():,} people); off by {share.median():.0%} in "
        f"the median county, by over half in {(share > 0.5).sum()}; {off.sum() / real.sum() / 2:.1%} of all people "
        "are in a wrong county"
    )


def with_ruca(blocks: pd.DataFrame, mirror: Path) -> pd.DataFrame:
    """The block groups with `rurality` by the primary RUCA code of the tract (the mirror's codes are reconstructed)."""
    return blocks.assign(rurality=_rurality(blocks["tract"], mirror / RUCA, "TractFIPS20"))


def confusions(people: pd.DataFrame, blocks: pd.DataFrame, mirror: Path) -> dict[str, pd.DataFrame]:
    """Percent of people by RUCA (rows) and by the rurality of the nearest modelled point (columns)."""
    tree = cKDTree(unit_vectors(people["latitude"], people["longitude"]))
    nearest = people.iloc[tree.query(unit_vectors(blocks["latitude"], blocks["longitude"]))[1]]
    by_zip = _rurality(nearest["geoid"].str[-5:], mirror / RUCA_BY_ZIP, "ZIPCode").to_numpy()
    tables = {}
    for name, ruca in (("ZIP", by_zip), ("tract (reconstructed)", blocks["rurality"].to_numpy())):
        counted = blocks["population"].groupby([ruca, nearest["rurality"].to_numpy()]).sum().unstack(fill_value=0)
        counted = counted.reindex(index=RURALITIES, columns=RURALITIES, fill_value=0)
        tables[name] = 100 * counted / counted.to_numpy().sum()
    return tables


def _rurality(key: "pd.Series[str]", file: Path, column: str) -> "pd.Series[str]":
    ruca = pd.read_csv(file, dtype=str, encoding="cp1252").drop_duplicates(column).set_index(column)["PrimaryRUCA"]
    return pd.cut(pd.to_numeric(key.map(ruca)), [0, 3, 6, 9, 10], labels=RURALITIES).astype("str")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, required=True)
    mirror = parser.parse_args().mirror
    people = load_pack("starter").people
    blocks = with_ruca(read_block_groups(mirror), mirror)
    lists = clinic_lists(mirror, blocks)
    errors = errors_of(people, blocks, lists)
    print("Model minus block groups, points of percent; nation, then mean absolute error over 50 states and DC")
    print(errors.table.round(2).to_string(), f"\n{errors.summary}")
    print("\nThe ten worst states, their largest error in any list:", errors.worst.head(10).round(1).to_dict())
    print(f"\n{county_errors(people, blocks)}")
    print("\nPercent of people beyond the limits by rurality, mean over the lists")
    for title, table in (("block groups, RUCA by tract (reconstructed)", blocks), ("modelled", people)):
        shares = sum(shares_beyond(table, clinics, "rurality") for clinics in lists.values()) / len(lists)
        print(f"{title}\n{shares.reindex(RURALITIES).round(1).to_string()}")
    for unit, confusion in confusions(people, blocks, mirror).items():
        print(f"\nPercent of people by RUCA 2020 of the {unit} (rows) and modelled rurality (columns)")
        print(confusion.round(1).to_string())
        print(f"agreement {np.trace(confusion):.1f} %; beyond chance (kappa) {_kappa(confusion):.2f}")


def _kappa(confusion: pd.DataFrame) -> float:
    share = confusion.to_numpy() / 100
    chance = share.sum(axis=0) @ share.sum(axis=1)
    return float((np.trace(share) - chance) / (1 - chance))


if __name__ == "__main__":
    main()
