"""How rural each place is: four levels from RUCA by tract, else from RUCC by county, else not coded."""

from typing import Final

import pandas as pd

from access.sources.usda import NOT_CODED

RUCA: Final = "RUCA 2020"
RUCC: Final = "RUCC 2023"
NO_SCHEME: Final = "none"

# Primary codes only: the secondary codes of 2020 are fewer than those that WWAMI's grouping needs.
_BY_RUCA: Final[dict[str, str]] = {
    **dict.fromkeys(("1", "2", "3"), "urban"),
    **dict.fromkeys(("4", "5", "6"), "large_town"),
    **dict.fromkeys(("7", "8", "9"), "small_town"),
    "10": "rural",
    NOT_CODED: "not_coded",
}
# Metro counties; then nonmetro by urban people: 20,000 or more, 5,000 to 20,000, fewer.
_BY_RUCC: Final[dict[int, str]] = {
    **dict.fromkeys((1, 2, 3), "urban"),
    **dict.fromkeys((4, 5), "large_town"),
    **dict.fromkeys((6, 7), "small_town"),
    **dict.fromkeys((8, 9), "rural"),
}


def rurality(places: pd.DataFrame, ruca: pd.DataFrame, rucc: pd.DataFrame) -> pd.DataFrame:
    """`rurality` and `rurality_scheme` of each place, on the index of `places`.

    A place takes the RUCA code of its tract. Where RUCA has no code for the tract, it takes the RUCC code
    of its county: that of 2023 where RUCA's table says it, since RUCC has Connecticut's planning regions
    and the Census its old counties. A code of 99, and a place that neither scheme knows, is `not_coded`:
    never rural.

    Parameters
    ----------
    places: `geoid` of 2020 block groups or tracts, and `county`.
    ruca, rucc: as `access.sources.usda` gives them.

    Source
    ------
    RUCA in four levels by primary code: 1-3, 4-6, 7-9, 10. RUCC by urban population: 1-3, 4-5, 6-7, 8-9.
    """
    by_tract = places["geoid"].str[:11].map(ruca.set_index("tract")["primary"]).astype("str").map(_BY_RUCA)
    by_county = rucc_of_places(places, ruca, rucc).map(_BY_RUCC)
    scheme = pd.Series(NO_SCHEME, index=places.index, dtype="str")
    scheme = scheme.mask(by_county.notna(), RUCC).mask(by_tract.notna(), RUCA)
    level = by_tract.fillna(by_county).fillna("not_coded").astype("str")
    return pd.DataFrame({"rurality": level, "rurality_scheme": scheme})


def rucc_of_places(places: pd.DataFrame, ruca: pd.DataFrame, rucc: pd.DataFrame) -> "pd.Series[float]":
    """The RUCC code of each place's county, that of 2023 where RUCA's table says it; NaN: none."""
    since = places["geoid"].str[:11].map(ruca.set_index("tract")["county_2023"])
    return since.astype("str").fillna(places["county"]).map(rucc.set_index("county")["rucc"]).astype("float64")
