"""Access for the people of one payer, or by any acceptable treatment; what nobody stated stays unknown."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.measures.beyond import people_beyond
from access.measures.layout import Groups, groups_of
from access.measures.nearest import minutes_to_nearest
from access.places.services import REFUSED, STATED, clinics_offering, payer_answer
from access.travel.trips import Trips
from access.vocabulary import PAYERS, TREATMENTS


def payer_bounds(trips: Trips, services: pd.DataFrame, payer: str, *, treatments: Sequence[str] = ()) -> pd.DataFrame:
    """Minutes to the nearest clinic that takes `payer`: between which two figures they lie.

    A clinic of which no source says anything of `payer` may take it or not; one that refuses it is never counted.
    A clinic that gives none of `treatments`, or has no row in `services`, does not count.

    Parameters
    ----------
    treatments: only what is stated of these services counts; none: of any service of the clinic.

    Returns
    -------
    pd.DataFrame
        Indexed by `geoid`, in the order of `trips.places`:

        - `minutes_stated`: to the nearest clinic that a source says takes it: the upper bound.
        - `minutes_possible`: to the nearest that takes it or may: the lower bound.

        NaN: no such clinic within `trips.max_minutes`.

    Raises
    ------
    ValueError
        There is no such payer or treatment.
    """
    if payer not in PAYERS:
        raise ValueError(f"There is no payer '{payer}'; use one of {', '.join(PAYERS)}.")
    _check_treatments(treatments)
    asked = services[services["treatment"].isin(list(treatments))] if treatments else services
    answer = payer_answer(asked, payer)
    return pd.DataFrame(
        {
            "minutes_stated": minutes_to_nearest(trips.among(answer.index[answer == STATED])),
            "minutes_possible": minutes_to_nearest(trips.among(answer.index[answer != REFUSED])),
        }
    )


def payer_shares_beyond(
    bounds: pd.DataFrame, people: pd.DataFrame, limits: Sequence[float], *, by: Sequence[str] | Groups = ()
) -> pd.DataFrame:
    """Between which two figures the share of people beyond each limit lies, from `payer_bounds`.

    Returns
    -------
    pd.DataFrame
        One row per group and limit: the columns of `by` (else `group`, "all"), `beyond`, `people`, then twice, as low
        (every unknown clinic takes the payer) and as high (none does): `people_beyond_low`, `people_beyond_high`,
        `people_unreached_low`, `people_unreached_high` (counted in `people_beyond` too), `share_low`, `share_high`
        (0 to 1; NaN: nobody lives in the group).

    Raises
    ------
    TableError
        As `people_beyond`.
    """
    groups = groups_of(people, by)
    low = people_beyond(bounds["minutes_possible"], people, limits, by=groups)
    high = people_beyond(bounds["minutes_stated"], people, limits, by=groups)
    return low[[*groups.keys.columns, "beyond", "people"]].assign(
        people_beyond_low=low["people_beyond"],
        people_beyond_high=high["people_beyond"],
        people_unreached_low=low["people_unreached"],
        people_unreached_high=high["people_unreached"],
        share_low=low["share_beyond"],
        share_high=high["share_beyond"],
    )


def nearest_treatment(trips: Trips, services: pd.DataFrame, treatments: Sequence[str]) -> pd.DataFrame:
    """Minutes to the nearest clinic that gives any of the treatments a person would accept, and which that is.

    Returns
    -------
    pd.DataFrame
        Indexed by `geoid`, in the order of `trips.places`: `minutes` (NaN: none within `trips.max_minutes`) and
        `treatments`, those that are given at that many minutes, joined by | in the order of `TREATMENTS` (missing:
        none).

    Raises
    ------
    ValueError
        No treatment is named, or one that there is not.
    """
    if not treatments:
        raise ValueError("Name at least one treatment that is acceptable.")
    _check_treatments(treatments)
    chosen = [treatment for treatment in TREATMENTS if treatment in treatments]
    reach = [trips.among(clinics_offering(services, [treatment])) for treatment in chosen]
    minutes = np.array([minutes_to_nearest(one).to_numpy() for one in reach])
    nearest = np.fmin.reduce(minutes)
    # One bit for each treatment that is as near as the nearest, so that names are joined once for each combination.
    code = ((minutes == nearest) * (1 << np.arange(len(chosen)))[:, None]).sum(axis=0)
    names = [
        "|".join(name for bit, name in enumerate(chosen) if one >> bit & 1) or None for one in range(1 << len(chosen))
    ]
    return pd.DataFrame(
        {"minutes": nearest, "treatments": pd.Series(names, dtype="str").to_numpy()[code]}, index=trips.places
    ).astype({"treatments": "str"})


def _check_treatments(treatments: Sequence[str]) -> None:
    wrong = [treatment for treatment in treatments if treatment not in TREATMENTS]
    if wrong:
        raise ValueError(f"There is no treatment '{wrong[0]}'; use some of {', '.join(TREATMENTS)}.")
