"""Where records are by their street addresses, as the Census geocoder finds them."""

import pandas as pd

from access.places.directory.assemble import OFFERING_SOURCES, address_of
from access.places.directory.records import Listings
from access.places.directory.source_registry import SourceQuery
from access.sources.census.geocoder_batch import geocode_addresses
from access.tables import ADDRESS_POINTS, conform_table


def geocode_records(listings: Listings, known: pd.DataFrame, asking: SourceQuery, day: str) -> pd.DataFrame:
    """`known` (as LOCATED) with the points of all records that have a street and no point as exact as that.

    Asked about are those in the states asked for whose address is not known yet. Only a record's address is sent,
    under a running number.

    Raises
    ------
    SourceError
        As `geocode_addresses`; a mirror is set, which this service cannot be read from.
    """
    records = listings.clinics
    records = records.assign(address_line=address_of(records))
    wanted = records["source"].isin(OFFERING_SOURCES) & records["address"].notna() & records["missing_since"].isna()
    wanted &= ~records["location_precision"].isin(["rooftop", "street"])
    wanted &= pd.Series([asking.includes(state) for state in records["state"]], index=records.index)
    same = known.set_index("record_id")["address"].reindex(records["clinic_id"]).set_axis(records.index)
    wanted &= ~same.eq(records["address_line"])
    asked = records[wanted]
    if asked.empty:
        return known
    streets = asked[["clinic_id", "address", "city", "state", "zip"]].rename(columns={"address": "street"})
    found = geocode_addresses(streets, cache=asking.cache, refresh=asking.refresh, progress=asking.progress)
    address = asked.set_index("clinic_id")["address_line"]
    points = found.rename(columns={"clinic_id": "record_id"}).assign(address=found["clinic_id"].map(address), day=day)[
        list(ADDRESS_POINTS.columns)
    ]
    kept = known[~known["record_id"].isin(points["record_id"])]
    return conform_table(pd.concat([table for table in (kept, points) if len(table)] or [kept]), ADDRESS_POINTS)
