"""How sure each listing is: who says so, how old that word is, and the chance that the service is really there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

SERVICE_KEY = ["clinic_id", "treatment"]


@dataclass(frozen=True)
class ListingRule:
    """How a listing's chance follows from its evidence: the prior and the sweep are measured, the rule is ours.

    `fresh`: of one word up to `fresh_days` old. `least`: of one that is `oldest_days` old, or that its source no
    longer has; between the two it falls evenly. `undated`: of a page without a date. `most`: however many agree.

    Source
    ------
    fresh 0.83 and the ends 0.5 and 0.95: Riley (2024), PMC11260587, ten search tools by telephone. 90 days: evidence
    older than that is flagged. The even fall over five years and 0.67 for undated pages are our assumptions.
    """

    fresh: float = 0.83
    undated: float = 0.67
    least: float = 0.5
    most: float = 0.95
    fresh_days: int = 90
    oldest_days: int = 5 * 365

    def __post_init__(self) -> None:
        """Refuse what is no chance, or no age."""
        if not 0 <= self.least <= self.undated <= self.fresh <= self.most <= 1:
            raise ValueError("A listing's chances must rise from least over undated and fresh to most, from 0 to 1.")
        if not 0 <= self.fresh_days < self.oldest_days:
            raise ValueError("fresh_days must be 0 or more, and below oldest_days.")


def confidence(services: pd.DataFrame, today: date, *, rule: ListingRule | None = None) -> pd.DataFrame:
    """How sure each treatment at each clinic is, by the words of all its sources.

    A survey is counted from the day its live directory was read, since a site that leaves it is taken out; any
    other word from the source's own date. Sources that rest on one kind of evidence count once, by the surest; kinds
    count as independent. Absence from a source counts for nothing, unless the source had it before.

    Returns
    -------
    pd.DataFrame
        Indexed by `clinic_id` and `treatment`, in the order of `services`: `sources` (joined by "; "), `evidence`
        (kinds joined by |; "" where the pack does not keep them), `age_days` (of the newest word; NaN: none is
        dated), `is_stale` (older than `rule.fresh_days`, undated, or missing from a source), `missing_since` (the
        latest; missing: from none), `works` (the chance, an estimate).
    """
    how = rule or ListingRule()
    words = services[[*SERVICE_KEY, "source"]].assign(
        kind=_column_or_missing(services, "evidence"),
        missing_since=_column_or_missing(services, "missing_since"),
        age=_ages(services, today),
    )
    words["works"] = _chances(words, how)
    # Where a pack does not keep the kind of evidence, each source stands for itself.
    surest = (
        words.assign(kind=words["kind"].fillna(words["source"]))
        .groupby([*SERVICE_KEY, "kind"], sort=False)["works"]
        .max()
    )
    fails = (1 - surest).groupby(level=SERVICE_KEY, sort=False).prod()
    by_service = words.groupby(SERVICE_KEY, sort=False)
    found = by_service.agg(
        sources=("source", lambda names: "; ".join(dict.fromkeys(names))),
        evidence=("kind", lambda kinds: "|".join(dict.fromkeys(kinds.dropna()))),
        age_days=("age", "min"),
        missing_since=("missing_since", "max"),
    )
    old = ~(found["age_days"] <= how.fresh_days) | found["missing_since"].notna()
    return found.assign(is_stale=old, works=(1 - fails).clip(upper=how.most))[
        ["sources", "evidence", "age_days", "is_stale", "missing_since", "works"]
    ]


def chance_by_clinic(sure: pd.DataFrame, treatments: Sequence[str]) -> "pd.Series[float]":
    """The chance that a clinic gives any of `treatments`, the surest of them counting, by `clinic_id`.

    What `expected_minutes` takes as `works`, and `gap_interval` as the `listing_works` of its sources.
    """
    asked = sure[sure.index.get_level_values("treatment").isin(list(treatments))]
    return asked["works"].groupby(level="clinic_id", sort=False).max()


def _column_or_missing(services: pd.DataFrame, column: str) -> "pd.Series[Any]":
    return services[column] if column in services else pd.Series(None, index=services.index, dtype="str")


def _ages(services: pd.DataFrame, today: date) -> "pd.Series[float]":
    """Days since each word was given, from the first day that its date can mean; NaN: not dated."""
    surveyed = _column_or_missing(services, "evidence").eq("surveyed") & services["checked_on"].notna()
    dated = services["checked_on"].where(surveyed, services["seen_date"])
    first_day = pd.to_datetime((dated + "-01-01").str[:10])
    return (pd.Timestamp(today) - first_day).dt.days.clip(lower=0).astype(float)


def _chances(words: pd.DataFrame, how: ListingRule) -> "np.ndarray[Any, np.dtype[np.float64]]":
    steps = [how.fresh_days, how.oldest_days]
    fading = np.interp(words["age"].to_numpy(float), steps, [how.fresh, how.least])
    known = np.where(words["age"].isna(), how.undated, fading)
    return np.where(words["missing_since"].notna(), how.least, known)
