"""Which places lie in a county that is designated as short of mental health professionals."""

import pandas as pd

from access.sources.connecticut import in_planning_regions

UNKNOWN = "not_known"


def hpsa_of(people: pd.DataFrame, hpsa: pd.DataFrame) -> "pd.Series[str]":
    """The kind of designation of each place's county, on the index of `people`: as `hpsa_kind`, or "not_known".

    A county that the file does not name has none. Connecticut is not known where the file has it by the planning
    regions of 2022, which the counties of 2020 are not.

    Parameters
    ----------
    people: `county` of 2020. hpsa: as `access.sources.hpsa.read_hpsa` gives it.
    """
    kind = people["county"].map(hpsa.set_index("county")["hpsa_kind"])
    by_region = bool(in_planning_regions(hpsa["county"]).any())
    elsewhere = people["county"].str.startswith("09") & by_region
    return kind.fillna("none").mask(kind.isna() & elsewhere, UNKNOWN).rename("hpsa")
