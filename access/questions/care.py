"""Care near a point: the clinics a person could go to, what is known of each, and how we know it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from access.places.pack import Pack
from access.places.services import NOT_STATED, clinics_offering, payer_answer, payers_of
from access.travel.estimate import MAX_MINUTES
from access.travel.origins import Origins, origins_of
from access.travel.pack_travel import estimate_of, trip_finder_of

OLD_AFTER_DAYS = 90  # Riley 2024, PMC11260587: listings decay; older evidence is flagged, not hidden.
ORIGIN = "origin"


def care_near(
    pack: Pack,
    latitude: float,
    longitude: float,
    *,
    treatments: Sequence[str] = (),
    payer: str | None = None,
    max_minutes: float = MAX_MINUTES,
    landmarks: Origins | None = None,
) -> pd.DataFrame:
    """The clinics within a drive of a point that give any of `treatments` (none named: any at all).

    The nearest place lends the point its county and rurality. `landmarks`: the pack's people made ready, if at hand.
    Drives go by `trip_finder_of` the pack.

    Returns
    -------
    pd.DataFrame
        One row per clinic, nearest first: the columns of `clinics`; `minutes`, `minutes_low`, `minutes_high` and `km`
        (one-way); `method`, how they were found, and `is_estimate`; `treatments`, `payers_accepted`, `payers_refused`
        (joined by |);
        `payer_answer` ("stated", "refused", "not_stated") for `payer`, "not_stated" where none is asked; and the
        evidence columns of `evidence`. No rows: none in this pack, which is not to say that there is no care.
    """
    offering = pack.clinics["clinic_id"].isin(clinics_offering(pack.services, treatments))
    clinics = pack.clinics[offering].reset_index(drop=True)
    found = clinics_reached(pack, clinics, latitude, longitude, max_minutes=max_minutes, landmarks=landmarks)
    services = pack.services[pack.services["clinic_id"].isin(found["clinic_id"])]
    facts = evidence(services).assign(
        treatments=_treatments_by_clinic(services),
        payers_accepted=payers_of(services),
        payers_refused=payers_of(services, "payers_refused"),
    )
    found = found.merge(facts, left_on="clinic_id", right_index=True, validate="one_to_one")
    answer = payer_answer(services, payer).loc[found["clinic_id"]].to_numpy() if payer else NOT_STATED
    return found.assign(payer_answer=answer)


def clinics_reached(
    pack: Pack,
    clinics: pd.DataFrame,
    latitude: float,
    longitude: float,
    *,
    max_minutes: float = MAX_MINUTES,
    landmarks: Origins | None = None,
) -> pd.DataFrame:
    """Those of `clinics` that lie within a drive of a point, nearest first.

    Returns
    -------
    pd.DataFrame
        The columns of `clinics`, and `minutes`, `minutes_low`, `minutes_high`, `km`, one-way, `method` and
        `is_estimate`. A drive by road has no interval: its ends are the drive itself.
    """
    everywhere = landmarks or origins_of(pack.people)
    nearest = pack.people.iloc[everywhere.nearest([latitude], [longitude])]
    here = origins_of(nearest.assign(geoid=ORIGIN, latitude=latitude, longitude=longitude))
    way = trip_finder_of(pack)
    estimate = estimate_of(pack)
    trips = way.trips(here, clinics, max_minutes=max_minutes, landmarks=everywhere)
    drives = trips.to_frame().drop(columns="geoid")
    drives = drives.assign(method=trips.method_by_trip().astype(str), is_estimate=trips.is_estimate_by_trip())
    found = drives.merge(clinics, on="clinic_id", validate="one_to_one")
    drive = found["minutes"].to_numpy()
    low, high = (np.where(found["is_estimate"], end, drive).astype(np.float32) for end in estimate.between(drive))
    return found.assign(minutes_low=low, minutes_high=high)


def evidence(services: pd.DataFrame, *, by: Sequence[str] = ("clinic_id",)) -> pd.DataFrame:
    """How we know of each clinic; or, `by` more columns, of each treatment at each clinic.

    Returns
    -------
    pd.DataFrame
        Indexed by `by`: `sources` (names joined by "; "), `source_url` (of the newest evidence), `seen_date` (the
        newest date that a source carries, as written: a year, or a day; missing: no source is dated), `checked_on`
        (when we last read a source), `evidence_kinds` (what the words rest on, joined by |; "": not kept),
        `missing_since` (since when a source no longer has it; missing: all still have).
    """
    layers = services.reindex(columns=services.columns.union(["evidence", "missing_since"], sort=False))
    newest_first = layers.sort_values(["seen_date", "checked_on"], ascending=False, na_position="last")
    grouped = newest_first.groupby(list(by), sort=False)
    return grouped.agg(
        sources=("source", lambda names: "; ".join(dict.fromkeys(names))),
        source_url=("source_url", "first"),
        seen_date=("seen_date", "first"),
        checked_on=("checked_on", "max"),
        evidence_kinds=("evidence", lambda kinds: "|".join(dict.fromkeys(kinds.dropna()))),
        missing_since=("missing_since", lambda days: max(days.dropna(), default=None)),
    )


def evidence_age_days(seen_date: str | None, today: date) -> int | None:
    """Days since a source's own date, counted from the first day it can mean; None: the source is not dated."""
    if seen_date is None:
        return None
    year, month, day = (*(int(part) for part in seen_date.split("-")), 1, 1)[:3]
    return (today - date(year, month, day)).days


def _treatments_by_clinic(services: pd.DataFrame) -> pd.Series:
    given = services.groupby("clinic_id")["treatment"].agg(lambda names: "|".join(dict.fromkeys(names)))
    return given.rename("treatments")
