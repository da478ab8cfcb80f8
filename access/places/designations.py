"""Federal designations of places: rural to FORHP, or short of mental health professionals (HPSA)."""

from typing import Final

import numpy as np
import pandas as pd

from access.places.rurality import rucc_of_places
from access.sources.census.connecticut import is_in_planning_region, tracts_by_region
from access.units import KM_PER_MILE

_MI2_KM2: Final = KM_PER_MILE**2
_LARGE_KM2: Final = 400 * _MI2_KM2
_SPARSE_PER_KM2: Final = 35 / _MI2_KM2
_FIRST_NONMETRO: Final = 4  # of the RUCC codes


def forhp_rural(
    places: pd.DataFrame, ruca: pd.DataFrame, rucc: pd.DataFrame, *, land_km2: "pd.Series[float] | None" = None
) -> "pd.Series[bool]":
    """Whether a rule that we can judge makes each place rural, on the index of `places`.

    Rural is a nonmetro county (RUCC 4 to 9); of a metro county a tract of RUCA 4 to 10, and one of RUCA 2 or 3 with at
    least 400 square miles and at most 35 people on each. `forhp_note` says which rules are not judged.

    Parameters
    ----------
    places: `geoid` of 2020 block groups or tracts, whole tracts; `county` and `population`.
    ruca, rucc: as `access.sources.usda` gives them.
    land_km2: by tract, as `access.sources.census.tract_land` gives it; None: the rule of large tracts is not judged.

    Returns
    -------
    pd.Series[bool]
        True or False; missing: a metro tract without a code, a tract of RUCA 1 to 3 whose county has none, or of RUCA
        2 or 3 whose land is not in `land_km2`.

    Source
    ------
    HRSA, Federal Office of Rural Health Policy, How we define rural.
    """
    code = pd.to_numeric(places["geoid"].str[:11].map(ruca.set_index("tract")["primary"]), errors="coerce")
    county = rucc_of_places(places, ruca, rucc)
    rural = county.ge(_FIRST_NONMETRO) | code.between(4, 10)
    commuting = code.between(2, 3)
    judged = county.notna() & code.between(1, 3)
    if land_km2 is not None:
        large, has_land = _large_tracts(places, ruca, land_km2)
        rural |= commuting & large
        judged &= ~commuting | has_land
    return rural.astype("boolean").where(rural | judged).rename("is_forhp_rural")


def forhp_note(land_km2: "pd.Series[float] | None") -> str:
    """Which rules were not judged: places that only they make rural count as not rural."""
    large = "" if land_km2 is not None else "large tracts of few people (give --tract-land), "
    return (
        f"FORHP rural is judged by county and RUCA code; not judged: {large}outlying metro counties without an urban "
        "area of 50,000, and rugged tracts. What only these make rural counts as not rural."
    )


def _large_tracts(
    places: pd.DataFrame, ruca: pd.DataFrame, land_km2: "pd.Series[float]"
) -> "tuple[pd.Series[bool], pd.Series[bool]]":
    """Whether each place's tract is large and sparse, and whether its land is known."""
    of_2020 = land_km2.rename(index=tracts_by_region(ruca).to_dict())
    tract = places["geoid"].str[:11]
    land = tract.map(of_2020)
    living = places.groupby(tract)["population"].transform("sum")
    density = living / land.where(land > 0, np.nan)
    return (land >= _LARGE_KM2) & (density <= _SPARSE_PER_KM2), land.notna()


HPSA_NOT_KNOWN = "not_known"


def hpsa_of(people: pd.DataFrame, hpsa: pd.DataFrame) -> "pd.Series[str]":
    """The kind of designation of each place's county, on the index of `people`: as `hpsa_kind`, or "not_known".

    A county that the file does not name has none. Connecticut is not known where the file has it by the planning
    regions of 2022, which the counties of 2020 are not.

    Parameters
    ----------
    people: `county` of 2020. hpsa: as `access.sources.hpsa.read_hpsa` gives it.
    """
    kind = people["county"].map(hpsa.set_index("county")["hpsa_kind"])
    by_region = bool(is_in_planning_region(hpsa["county"]).any())
    elsewhere = people["county"].str.startswith("09") & by_region
    return kind.fillna("none").mask(kind.isna() & elsewhere, HPSA_NOT_KNOWN).rename("hpsa")
