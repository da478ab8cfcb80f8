"""Which counties are joined by road, so that a straight-line estimate never drives across the sea.

Known weak spots, which a table by county cannot mend: islands inside a mainland county (Block Island,
Beaver Island, Mackinac Island, Catalina, Vashon, Vinalhaven, Ocracoke); Molokai and Lanai, which are of Maui
County; crossings of Lake Michigan, Puget Sound and the Chesapeake; Point Roberts and the Northwest Angle,
which are reached through Canada; Cordova and Seldovia, roadless towns of road-joined boroughs; Nenana, a
road town of the roadless Yukon-Koyukuk; Southeast Alaska's boroughs, each of several islands.
"""

from typing import Final

import pandas as pd

MAINLAND: Final = "mainland"

# County, the landmass it belongs to, and why it is not simply its state's.
_ROWS: Final = (
    ("15001", "hawaii", "Hawaii County is one island; no ferry carries cars to it"),
    ("15003", "oahu", "Honolulu County is Oahu (its far northwestern islets have no people)"),
    ("15005", "maui", "Kalawao is a corner of Molokai, the rest of which is in Maui County"),
    ("15007", "kauai", "Kauai County is Kauai, and Niihau with its 84 people"),
    ("15009", "maui", "Maui County is Maui, Molokai and Lanai"),
    ("02020", "alaska_road", "Anchorage: Seward and Glenn Highways"),
    ("02063", "alaska_road", "Chugach: Valdez by the Richardson Highway, Whittier by tunnel"),
    ("02066", "alaska_road", "Copper River: Glenn and Richardson Highways"),
    ("02068", "alaska_road", "Denali: Parks Highway"),
    ("02090", "alaska_road", "Fairbanks North Star: Parks and Richardson Highways"),
    ("02122", "alaska_road", "Kenai Peninsula: Seward and Sterling Highways"),
    ("02170", "alaska_road", "Matanuska-Susitna: Parks and Glenn Highways"),
    ("02240", "alaska_road", "Southeast Fairbanks: Alaska and Richardson Highways"),
    ("02261", "alaska_road", "Valdez-Cordova, until 2019: now Chugach and Copper River"),
    ("25007", "dukes", "Martha's Vineyard and the Elizabeth Islands: ferry only"),
    ("25019", "nantucket", "Nantucket: ferry only"),
    ("53055", "san_juan_wa", "San Juan Islands: ferry only"),
    ("72049", "culebra", "Culebra: ferry only"),
    ("72147", "vieques", "Vieques: ferry only"),
)
_BY_COUNTY: Final[dict[str, str]] = {county: name for county, name, _ in _ROWS}


def landmass(counties: "pd.Series[str]") -> "pd.Series[str]":
    """The landmass of each county, as text, on the index of `counties`; the same text: joined by road.

    The contiguous states are "mainland", Puerto Rico is "puerto_rico". A borough of Alaska off the road
    system is a landmass of its own, and so are Haines and Skagway: their road to the rest of Alaska goes
    through Canada, and is longer than any trip offered (Haines to Fairbanks about 1,000 km).

    Parameters
    ----------
    counties: 5-digit codes, as text.
    """
    names = {county: _landmass_of(county) for county in counties.unique().tolist()}
    return counties.map(names).astype("str")


def _landmass_of(county: str) -> str:
    if county in _BY_COUNTY:
        return _BY_COUNTY[county]
    if county.startswith("02"):
        return f"alaska_{county}"
    return "puerto_rico" if county.startswith("72") else MAINLAND
