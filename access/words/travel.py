"""How trips were found, in words: along roads, by the estimate, or some by each; and what the estimate says."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from access.language import mark, say
from access.places.pack import Pack
from access.travel.estimate import DriveEstimate
from access.travel.mode import Mode
from access.travel.pack_travel import trip_finder_of
from access.units import miles
from access.vocabulary import RURALITIES

NO_CAR_NOTE: Final = mark(
    "These are minutes on foot or by bicycle, at an even pace. Buses and trains are not in them, nor are sidewalks, "
    "steep hills, weather, the dark, or people who cannot walk or ride that far."
)


def no_car_note(mode: Mode) -> str:
    """What minutes on foot or by bicycle miss, for a page; "": they are a car's."""
    return "" if mode.is_driven else say(NO_CAR_NOTE)


def estimate_table(estimate: DriveEstimate) -> pd.DataFrame:
    """What the estimate says of a few straight-line distances, from an urban and from a rural place; text."""
    km = np.array([5.0, 10.0, 25.0, 50.0, 100.0, 200.0])
    columns = {say("straight line"): [f"{miles(one):.0f} miles ({one:.0f} km)" for one in km]}
    for name in ("urban", "rural"):
        minutes = estimate.minutes(km, [name] * len(km))
        road = estimate.road_km(km, [name] * len(km))
        kind = say(RURALITIES[name]).lower()
        columns[say("{kind}: minutes (low to high)", kind=kind)] = [
            f"{one:.0f} ({low:.0f} – {high:.0f})"
            for one, low, high in zip(minutes, *estimate.between(minutes), strict=True)
        ]
        columns[say("{kind}: road miles", kind=kind)] = [f"{miles(one):.0f}" for one in road]
    return pd.DataFrame(columns)


_ATTRIBUTION = "© OpenStreetMap contributors, ODbL"


def drives_sentence(pack: Pack) -> str:
    """How the drives of a pack are found; of trips without a car also what they miss."""
    mode = trip_finder_of(pack).mode
    if pack.roads and not mode.is_driven:
        said = say(
            "One-way trips go along roads and paths ({roads}; {attribution}); where these do not reach there is none.",
            roads=pack.roads,
            attribution=_ATTRIBUTION,
        )
        return f"{said} {no_car_note(mode)}".strip()
    if pack.roads:
        return say(
            "One-way drives go along roads ({roads}; {attribution}), without traffic, where these reach; elsewhere "
            "they are estimates from straight-line distance.",
            roads=pack.roads,
            attribution=_ATTRIBUTION,
        )
    if pack.calibration:
        return say("One-way drives are estimates from straight-line distance, fitted to roads of this area.")
    return say("One-way drives are estimates from straight-line distance.")


def mix_sentence(shares: pd.Series, modes: Sequence[Mode]) -> str:
    """The share of people by how their drive was found; "": all by estimate.

    `shares`: as `access.measures.nearest.share_by_method` gives them; `modes`: of the trips.
    """
    mode_of = {mode.name: mode for mode in modes}
    if all(mode_of[str(method)].is_estimate for method in shares.index):
        return ""
    told = "; ".join(f"{mode_words(mode_of[str(method)])}: {_percent(share)} %" for method, share in shares.items())
    none = 1 - float(shares.sum())
    reach = say("reach none: {percent} %", percent=_percent(none)) if none > 0.0005 else ""
    return say("People by how their drive was found: {shares}.", shares="; ".join(filter(None, [told, reach])))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.005 else "<1"


def mode_words(mode: Mode) -> str:
    """A mode as people read it: "estimate", or the engine's own name."""
    return say("estimate") if mode.is_estimate else router_words(mode.name)


def router_words(method: str) -> str:
    """The name of a mode along roads as people read it: the engine's own name and its profile."""
    return method.removeprefix("road: ")


def estimate_sentence(estimate: DriveEstimate) -> str:
    """The formula of an estimate, as it stands for a town's rates; text."""
    ends = [0.0, *estimate.band_ends_km]
    rates = estimate.minutes_per_km["urban"]
    bands = [
        say("{rate} per km from {start} to {end} km", rate=f"{rate:.2f}", start=f"{start:g}", end=f"{end:g}")
        for rate, start, end in zip(rates, ends, ends[1:], strict=False)
    ]
    last = say("{rate} per km beyond {start} km", rate=f"{rates[-1]:.2f}", start=f"{ends[-1]:g}")
    factors = "; ".join(
        f"{say(RURALITIES[kind]).lower()} {factor:.2f}" for kind, factor in estimate.road_factor.items()
    )
    return say(
        "minutes = {start} + {bands} (straight line). Road miles are straight-line miles times: {factors}.",
        start=f"{estimate.start_minutes:.1f}",
        bands=", ".join([*bands, last]),
        factors=factors,
    )
