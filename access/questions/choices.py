"""A person's choices: every treatment at every clinic within reach, with the whole course that it would ask."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from access.geo import great_circle_km
from access.measures.course import course_burden
from access.measures.regimens import Regimen
from access.places.pack import Pack
from access.places.services import NOT_STATED, STATED, clinics_offering, payer_answer, payers_of
from access.questions.care import clinics_reached, evidence, evidence_age_days
from access.questions.wish import Wish
from access.travel.origins import Origins
from access.units import KM_PER_MILE
from access.vocabulary import TREATMENTS

ORDERS: Final = ("drive", "hours", "cost", "sure")
_OFFER_KEYS: Final = ("clinic_id", "treatment")
_COURSE_RULES: Final = ["may_drive", "needs_escort", "visit_minutes", "wait_minutes", "price_grade", "price_source"]
_AGE_CLASS_DAYS: Final = (365, 3 * 365)


def care_choices(
    pack: Pack,
    latitude: float,
    longitude: float,
    wish: Wish = Wish(),  # noqa: B008 - frozen, so it can be shared
    *,
    landmarks: Origins | None = None,
    offers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every treatment of every clinic within an estimated drive of a point: what each course there would ask.

    Nothing of the wish is left out here (`wish.failing` says what it leaves out); it sets the payer that is asked
    about, the regimens and the price of a mile; and without a car, a driver who is there drives to every visit.

    Parameters
    ----------
    landmarks, offers: the pack's people made ready, and its `offers_of` the wish's payer, if at hand.

    Returns
    -------
    pd.DataFrame
        One row per clinic and treatment, nearest first: `choice_id`; the columns of `clinics`; `minutes`,
        `minutes_low`, `minutes_high`, `km` (one-way, estimated); `treatment`; `payers_accepted`, `payers_refused`,
        `payer_answer`; `price_usd` per session as the clinic states it, and `note`; the columns of `evidence` and of
        `course_burden`; `may_drive`, `needs_escort`, `visit_minutes`, `wait_minutes`, `price_grade`, `price_source`.
        NaN: not known, as all of the course is of a treatment without a regimen. No rows: none in this pack.
    """
    near = clinics_reached(pack, pack.clinics, latitude, longitude, landmarks=landmarks)
    given = offers_of(pack.services, wish.payer) if offers is None else offers
    choices = near.merge(given, on="clinic_id", validate="one_to_many")
    choices.insert(0, "choice_id", choices["clinic_id"] + "/" + choices["treatment"])
    return pd.concat([choices, _courses_of(choices, wish)], axis=1)


def order_choices(choices: pd.DataFrame, order: str, today: date) -> pd.DataFrame:
    """The choices by "drive", "hours" (of the patient, whole course), "cost" (central) or "sure" (newest evidence).

    What is not known stands last; equals by drive.

    Raises
    ------
    ValueError
        There is no such order.
    """
    keys = {
        "drive": choices["minutes"],
        "hours": choices["patient_minutes"],
        "cost": choices["usd_central"],
        "sure": pd.Series(age_classes(choices, today), index=choices.index)
        - np.minimum(_source_counts(choices), 9) / 10,
    }
    if order not in keys:
        raise ValueError(f"There is no order '{order}'; choose one of {', '.join(ORDERS)}.")
    ranked = choices.assign(_key=keys[order]).sort_values(["_key", "minutes"], na_position="last", kind="stable")
    return ranked.drop(columns="_key").reset_index(drop=True)


def put_stated_first(choices: pd.DataFrame) -> pd.DataFrame:
    """The choices in their order, but those of clinics that state the payer asked for before all others.

    A column `is_stated` tells them apart; it is the same for all choices of a clinic.
    """
    stating = choices["clinic_id"].isin(choices.loc[choices["payer_answer"] == STATED, "clinic_id"])
    marked = choices.assign(is_stated=stating)
    return pd.concat([marked[stating], marked[~stating]], ignore_index=True)


def age_classes(choices: pd.DataFrame, today: date) -> list[int]:
    """How old the evidence of each choice is: 0 up to a year, 1 up to three, 2 older, 3 not dated."""
    dates = choices["seen_date"].astype(object).where(choices["seen_date"].notna(), None)
    days = [evidence_age_days(seen, today) for seen in dates]
    return [3 if age is None else int(np.searchsorted(_AGE_CLASS_DAYS, age)) for age in days]


def best_tradeoffs(choices: pd.DataFrame) -> pd.Series:
    """Which choices no other beats on both the patient's hours and the money of the whole course.

    Burden alone is weighed, not benefit: compare treatments only with somebody who knows you.

    Returns
    -------
    pd.Series
        True or False, indexed as `choices`. False: beaten (no worse in one and better in the other), or its time or
        money is not known. Equals are both kept.
    """
    known = choices[["patient_minutes", "usd_central"]].dropna()
    cheapest = known.groupby("patient_minutes")["usd_central"].min()
    unbeaten = cheapest[cheapest < cheapest.cummin().shift(fill_value=np.inf)]
    best = known["usd_central"] == known["patient_minutes"].map(unbeaten)
    return best.reindex(choices.index, fill_value=False)


def nearest_by_air(pack: Pack, latitude: float, longitude: float, wish: Wish, *, count: int = 3) -> pd.DataFrame:
    """The nearest clinics that give what is wished in a straight line, for who reaches none by road.

    Returns
    -------
    pd.DataFrame
        At most `count` rows of `clinics`, with `straight_km` and `treatments` (joined by |), nearest first.
    """
    clinics = pack.clinics[pack.clinics["clinic_id"].isin(clinics_offering(pack.services, wish.treatments))]
    km = great_circle_km(latitude, longitude, clinics["latitude"], clinics["longitude"])
    nearest = clinics.assign(straight_km=km).nsmallest(count, "straight_km")
    given = pack.services[pack.services["clinic_id"].isin(nearest["clinic_id"])].groupby("clinic_id")["treatment"]
    joined = given.agg(lambda names: "|".join(name for name in TREATMENTS if name in set(names)))
    return nearest.assign(treatments=nearest["clinic_id"].map(joined)).reset_index(drop=True)


def offers_of(services: pd.DataFrame, payer: str | None = None) -> pd.DataFrame:
    """What is known of each treatment at each clinic, the sources' words joined; the same for every search.

    Returns
    -------
    pd.DataFrame
        One row per `clinic_id` and `treatment`: what `care_choices` says of the two, and `payer_answer` for `payer`.
    """
    grouped = services.groupby(list(_OFFER_KEYS))
    offers = evidence(services, by=_OFFER_KEYS).assign(
        payers_accepted=payers_of(services, by=_OFFER_KEYS),
        payers_refused=payers_of(services, "payers_refused", by=_OFFER_KEYS),
        price_usd=grouped["price_usd"].median(),
        note=grouped["note"].first(),
    )
    answer = payer_answer(services, payer, by=_OFFER_KEYS) if payer else NOT_STATED
    return offers.assign(payer_answer=answer).reset_index()


def _courses_of(choices: pd.DataFrame, wish: Wish) -> pd.DataFrame:
    """The course of each choice, indexed as they are; NaN in the rows of a treatment whose course is not known."""
    parts = [
        _course_rows(choices[choices["treatment"] == treatment], regimen, wish)
        for treatment, regimen in _regimens_asked(wish).items()
    ]
    return pd.concat(parts).reindex(choices.index)


def _course_rows(rows: pd.DataFrame, regimen: Regimen, wish: Wish) -> pd.DataFrame:
    miles = rows["km"] / KM_PER_MILE
    burden = course_burden(rows["minutes"], miles, regimen, prices=rows["price_usd"], usd_per_mile=wish.usd_per_mile)
    price = regimen.price_usd
    return burden.assign(
        **{name: getattr(regimen, name) for name in _COURSE_RULES[:4]},
        price_grade=price.grade,
        price_source=price.source,
    )


def _regimens_asked(wish: Wish) -> Mapping[str, Regimen]:
    """Without a car, whoever drives there is counted at every visit."""
    if wish.has_car or not wish.has_driver:
        return wish.regimens
    return {treatment: replace(one, needs_escort=True) for treatment, one in wish.regimens.items()}


def _source_counts(choices: pd.DataFrame) -> pd.Series:
    return choices["sources"].str.count("; ") + 1
