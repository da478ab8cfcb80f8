"""Starts lost to distance: how much rarer it is to begin esketamine far from a centre.

Observational: one insured cohort, 966 who began against 39,219 who did not, unadjusted. It is an association, not an
effect; distance stands also for what goes with it. Say so wherever a figure of this module is shown.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from access.errors import TableError
from access.language import mark
from access.measures.layout import Floats, Groups, align_to_people, groups_of, share_of
from access.tables import require_columns

# From this many miles: starts relative to living 0-9 miles from a centre. The paper's bands are whole miles (10-19),
# so here a band begins at its first mile and ends before the next: 9.9 miles is in the first, 10.0 in the second.
ESKETAMINE_STEPS: Final = ((0.0, 1.0), (10.0, 0.881), (20.0, 0.492), (30.0, 0.319), (40.0, 0.241), (50.0, 0.072))
ESKETAMINE_SMOOTH: Final = (
    26.0,
    2.7,
)  # 1 / (1 + (miles / 26) ** 2.7), fitted here to the steps (D; at their middles within 0.1, RMSE 0.04)
EVIDENCE: Final = mark("observational, one insured cohort, unadjusted (Joshi et al. 2024, doi:10.4088/JCP.23m15102)")
# Patients with treatment-resistant depression per adult (D): 0.52 M and 2.8 M (Zhdanava 2021) of 243.7 M adults.
TRD_PER_ADULT: Final = {"low": 0.0021, "central": 0.0115}

Form = Literal["stepped", "smooth"]


def esketamine_curve(miles: ArrayLike, *, form: Form = "stepped") -> Floats:
    """Starts relative to living beside a centre, at each distance; same shape as `miles`; NaN stays NaN.

    Raises
    ------
    ValueError
        `form` is neither, or a distance is below zero.

    Source
    ------
    Stepped: Joshi et al. (2024), J Clin Psychiatry 85(2):23m15102, doi:10.4088/JCP.23m15102. Smooth: fitted here.
    """
    distance = np.asarray(miles, float)
    if (distance < 0).any():
        raise ValueError("A distance is below zero miles; correct it.")
    if form == "smooth":
        half, power = ESKETAMINE_SMOOTH
        return np.asarray(1 / (1 + (distance / half) ** power))
    if form != "stepped":
        raise ValueError(f"form is '{form}'; choose stepped or smooth.")
    begins, ratios = np.array(ESKETAMINE_STEPS).T
    ratio = ratios[np.searchsorted(begins, distance, side="right") - 1]  # NaN sorts last: mended below
    return np.where(np.isnan(distance), np.nan, ratio)


def relative_starts(miles: pd.Series, *, form: Form = "stepped") -> pd.Series:
    """Esketamine starts at each place, relative to living 0-9 miles from a centre (0 to 1).

    `miles`: one way to the nearest centre; NaN: none reached, which counts as beyond 50 miles: 0.072 when stepped,
    and the limit of the curve, 0, when smooth.

    Returns
    -------
    pd.Series
        Indexed as `miles`, never NaN.

    Raises
    ------
    ValueError, Source: as `esketamine_curve`.
    """
    farther_than_all = miles.to_numpy(float, na_value=np.inf)
    return pd.Series(esketamine_curve(farther_than_all, form=form), index=miles.index, name="relative_starts")


def expected_patients(adults: pd.Series) -> pd.DataFrame:
    """Adults expected to have treatment-resistant depression: columns `low` and `central`, indexed as `adults`.

    NaN: the number of adults is not known.

    Source
    ------
    Derived: 0.21 % from strict claims definitions (Liu 2021), 1.15 % from 2.8 million (Zhdanava et al. 2021,
    J Clin Psychiatry 82(2):20m13699), both over 243.7 million adults.
    """
    return pd.DataFrame({level: adults.astype(float) * rate for level, rate in TRD_PER_ADULT.items()})


def starts_lost(
    miles: pd.Series, patients: pd.DataFrame, *, start_rate: float = 1.0, form: Form = "stepped"
) -> pd.DataFrame:
    """Esketamine starts expected if everyone lived 0-9 miles from a centre, and those of them lost to distance.

    `patients`: columns `low` and `central` by geoid, as `expected_patients` gives. `start_rate`: the share of
    patients who begin where a centre is near. No source gives it: at 1 the figures are out of all patients, an
    upper bound; `share_lost` does not depend on it.

    Returns
    -------
    pd.DataFrame
        Indexed as `miles`: `share_lost` (0 to 1), `expected_low`, `expected_central`, `lost_low`, `lost_central`
        (people), `reached`. People who reach no centre count as beyond 50 miles. An association, not an effect.

    Raises
    ------
    TableError
        A place has no patients, or a number missing or below zero.
    ValueError
        `start_rate` outside 0 to 1, or as `esketamine_curve`.

    Source
    ------
    As `esketamine_curve`.
    """
    if not 0 <= start_rate <= 1:
        raise ValueError(f"start_rate is {start_rate:g}; it is a share, from 0 to 1.")
    require_columns(patients, list(TRD_PER_ADULT), where="The expected patients")
    lost = 1 - relative_starts(miles, form=form)
    expected = {f"expected_{level}": _patients_at(patients[level], miles.index) * start_rate for level in TRD_PER_ADULT}
    gone = {f"lost_{level}": expected[f"expected_{level}"] * lost for level in TRD_PER_ADULT}
    return pd.DataFrame({"share_lost": lost, **expected, **gone, "reached": miles.notna()}, index=miles.index)


def starts_lost_by_group(lost: pd.DataFrame, people: pd.DataFrame, *, by: Sequence[str] | Groups = ()) -> pd.DataFrame:
    """The starts lost of `starts_lost`, summed by group.

    Returns
    -------
    pd.DataFrame
        One row per group: the columns of `by` (else `group`, "all"), `people`, `people_unreached` (who reach no
        centre), `expected_low`, `expected_central`, `lost_low`, `lost_central`, `share_lost` (of the central; NaN:
        none expected), and `evidence`: what the figure rests on, to be shown with it.

    Raises
    ------
    TableError
        `lost` lacks a place of `people`, or `people` a column of `by`.

    Source
    ------
    As `esketamine_curve`.
    """
    groups = groups_of(people, by)
    population = people["population"].to_numpy(float)
    unreached = population * (align_to_people(lost["reached"], people) == 0)
    counted = ["expected_low", "expected_central", "lost_low", "lost_central"]
    sums = {column: groups.total(align_to_people(lost[column], people)) for column in counted}
    return groups.keys.assign(
        people=groups.total(population).astype("int64"),
        people_unreached=groups.total(unreached).astype("int64"),
        **sums,
        share_lost=share_of(sums["lost_central"], sums["expected_central"]),
        evidence=EVIDENCE,
    )


def _patients_at(values: pd.Series, geoids: pd.Index) -> Floats:
    laid_out = values.reindex(geoids).to_numpy(float)
    wrong = ~(laid_out >= 0)
    if wrong.any():
        raise TableError(
            f"The expected patients of {geoids[wrong][0]} are missing or below zero ({int(wrong.sum())} such); "
            "give each a number."
        )
    return laid_out
