"""Where records are by their street addresses, as the Census geocoder finds them."""

import pandas as pd

from access.places.directory.assembled import OFFERING, address_of
from access.places.directory.listings import Listings
from access.places.directory.live import Asking
from access.sources.geocoder_batch import geocoded
from access.tables import LOCATED, typed


def located(listings: Listings, known: pd.DataFrame, asking: Asking, day: str) -> pd.DataFrame:
    """`known` (as LOCATED) with the points of all records that have a street and no point as exact as that.

    Asked about are those in the states asked for whose address is not known yet. Only a record's address is sent,
    under a running number.

    Raises
    ------
    SourceError: as `geocoded`; a mirror is set, which this service cannot be read from.
    """
    records = listings.clinics
    records = records.assign(address_line=address_of(records))
    wanted = records["source"].isin(OFFERING) & records["address"].notna() & records["missing_since"].isna()
    wanted &= ~records["location_precision"].isin(["rooftop", "street"])
    wanted &= pd.Series([asking.has(state) for state in records["state"]], index=records.index)
    same = known.set_index("record_id")["address"].reindex(records["clinic_id"]).set_axis(records.index)
    wanted &= ~same.eq(records["address_line"])
    asked = records[wanted]
    if asked.empty:
        return known
    streets = asked[["clinic_id", "address", "city", "state", "zip"]].rename(columns={"address": "street"})
    found = geocoded(streets, cache=asking.cache, refresh=asking.again, progress=asking.progress)
    address = asked.set_index("clinic_id")["address_line"]
    points = found.rename(columns={"clinic_id": "record_id"}).assign(address=found["clinic_id"].map(address), day=day)[
        list(LOCATED.columns)
    ]
    kept = known[~known["record_id"].isin(points["record_id"])]
    return typed(pd.concat([table for table in (kept, points) if len(table)] or [kept]), LOCATED)
