"""Care near a point: the clinics a person could go to, what is known of each, and how we know it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from access.language import say
from access.places.pack import Pack
from access.places.services import NOT_STATED, clinics_offering, payer_answer, payers_of
from access.travel.estimate import MAX_MINUTES
from access.travel.origins import Origins, origins_of
from access.travel.ways import estimate_of, way_of
from access.vocabulary import EVIDENCE

OLD_AFTER_DAYS = 90  # Riley 2024, PMC11260587: listings decay; older evidence is flagged, not hidden.
ORIGIN = "origin"
DAYS_A_YEAR = 365


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
    Drives go by `way_of` the pack.

    Returns
    -------
    One row per clinic, nearest first: the columns of `clinics`; `minutes`, `minutes_low`, `minutes_high` and
    `km` (one-way); `method`, how they were found; `treatments`, `payers_accepted`, `payers_refused` (joined by |);
    `payer_answer` ("stated", "refused", "not_stated") for `payer`, "not_stated" where none is asked; and the
    evidence columns of `evidence`. No rows: none in this pack, which is not to say that there is no care.
    """
    offering = pack.clinics["clinic_id"].isin(clinics_offering(pack.services, treatments))
    clinics = pack.clinics[offering].reset_index(drop=True)
    found = clinics_reached(pack, clinics, latitude, longitude, max_minutes=max_minutes, landmarks=landmarks)
    services = pack.services[pack.services["clinic_id"].isin(found["clinic_id"])]
    facts = evidence(services).assign(
        treatments=_treatments(services),
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
    The columns of `clinics`, and `minutes`, `minutes_low`, `minutes_high`, `km`, one-way, and `method`. A drive by
    road has no interval: its ends are the drive itself.
    """
    everywhere = landmarks or origins_of(pack.people)
    nearest = pack.people.iloc[everywhere.nearest([latitude], [longitude])]
    here = origins_of(nearest.assign(geoid=ORIGIN, latitude=latitude, longitude=longitude))
    way, estimate = way_of(pack), estimate_of(pack)
    trips = way.trips(here, clinics, max_minutes=max_minutes, landmarks=everywhere)
    drives = trips.to_frame().drop(columns="geoid").assign(method=trips.method_by_trip().astype(str))
    found = drives.merge(clinics, on="clinic_id", validate="one_to_one")
    is_estimate = found["method"].to_numpy() == estimate.name
    drive = found["minutes"].to_numpy()
    low, high = (np.where(is_estimate, end, drive).astype(np.float32) for end in estimate.between(drive))
    return found.assign(minutes_low=low, minutes_high=high)


def evidence(services: pd.DataFrame, *, by: Sequence[str] = ("clinic_id",)) -> pd.DataFrame:
    """How we know of each clinic; or, `by` more columns, of each treatment at each clinic.

    Returns
    -------
    Indexed by `by`: `sources` (names joined by "; "), `source_url` (of the newest evidence),
    `seen_date` (the newest date that a source carries, as written: a year, or a day; missing: no source is
    dated), `checked_on` (when we last read a source), `evidence_kinds` (what the words rest on, joined by |; "": not
    kept), `missing_since` (since when a source no longer has it; missing: all still have).
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


def evidence_text(found: pd.DataFrame, today: date) -> list[str]:
    """How and when we learned of each clinic: "SAMHSA directory 2024, dated 2023 (3 years old)"; one per row."""
    layers = found.reindex(columns=["sources", "seen_date", "checked_on", "evidence_kinds", "missing_since"])
    known = layers.astype(object)
    rows = known.where(known.notna(), None).to_numpy().tolist()
    return [
        _evidence_words(sources, seen, checked, today) + _kinds(kinds) + _gone(missing)
        for sources, seen, checked, kinds, missing in rows
    ]


def _kinds(kinds: str | None) -> str:
    """What the words rest on: "; seen on a public page, named in SAMHSA's survey"."""
    named = ", ".join(say(EVIDENCE[kind]) for kind in (kinds or "").split("|") if kind)
    return f"; {named}" if named else ""


def _gone(missing_since: str | None) -> str:
    return "; " + say("a source no longer has it since {date}", date=missing_since) if missing_since else ""


def _evidence_words(sources: str, seen_date: str | None, checked_on: str | None, today: date) -> str:
    days = evidence_age_days(seen_date, today)
    if days is None and not checked_on:
        return say("{sources}, not dated", sources=sources)
    if days is None:
        return say("{sources}, not dated, read {date}", sources=sources, date=checked_on)
    years = days // DAYS_A_YEAR
    age = say("{number} years old", number=years) if years > 1 else say("{number} days old", number=days)
    return say("{sources}, dated {date} ({age})", sources=sources, date=seen_date, age=age)


def _treatments(services: pd.DataFrame) -> pd.Series:
    given = services.groupby("clinic_id")["treatment"].agg(lambda names: "|".join(dict.fromkeys(names)))
    return given.rename("treatments")
