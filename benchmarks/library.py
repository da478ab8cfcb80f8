"""The library's own benchmarks, on the national pack of block groups."""

import os
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from access.documents.cards import care_cards
from access.measures.nearest import minutes_to_nearest
from access.places.gazetteer.lookup import load_gazetteer
from access.places.national_pack import build_national
from access.places.pack import NATIONAL, load_pack
from access.questions.choices import (
    best_tradeoffs,
    care_choices,
    offers_of,
    order_choices,
    put_stated_first,
)
from access.questions.gaps import (
    LIMITS_BY_UNIT,
    cost_by_area,
    cost_to_nearest,
    gap_tables,
    treatment_trips,
)
from access.questions.what_if import baseline, what_if
from access.questions.wish import Wish, choices_that_fit, clinics_hidden, parts_failed, relaxations
from access.scenarios.edits import CloseClinic, OpenClinic
from access.scenarios.scenario import Scenario
from access.travel.estimate import estimate_trips, trips_from
from access.travel.origins import origins_of
from benchmarks.measure import MIB, Result, Setting, peak_mib, timed

TREATMENT = "ect"
MANY_SITES = 2000
LIMIT_MINUTES = 60
MEMORY_AIM_MIB = 1.5 * 1024
SEARCHES = 200
CARDS = 25
MILES_CITY = (46.41, -105.84)


def prepare(setting: Setting) -> list[Result]:
    """The national pack in the data folder, for the others to load."""
    build_national(mirror=setting.mirror)
    return []


def pack(setting: Setting) -> list[Result]:
    """The national pack made from the mirror in a folder of its own, and loaded from there."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRD_ACCESS_DATA"] = folder
        made = timed(lambda: build_national(mirror=setting.mirror), setting.repeats, warm_up=0)
        peak = peak_mib()
        written = sum(file.stat().st_size for file in Path(folder, NATIONAL).iterdir())
        loaded = timed(lambda: load_pack(NATIONAL), setting.repeats)
        whole = load_pack(NATIONAL)
    size = _size(whole.people, len(whole.clinics))
    return [
        Result("build the national pack", size, "s", made, 120, f"{written / MIB:.1f} MiB on disk; no warm-up"),
        Result("  peak memory", size, "MiB", (peak,), note="whole process"),
        Result("  load it", size, "s", loaded, note="every table checked"),
    ]


def trips(setting: Setting) -> list[Result]:
    """Block groups against every site of the pack, within the longest trip offered."""
    national = load_pack(NATIONAL)
    return _trips(setting, "Trips to the pack's sites", national.people, national.clinics, (2, MEMORY_AIM_MIB))


def trips_to_2000(setting: Setting) -> list[Result]:
    """The same against sites that stand where the people do."""
    people = load_pack(NATIONAL).people
    return _trips(setting, "Trips to sites by population", people, _sites(people, MANY_SITES), (None, None))


def _trips(
    setting: Setting,
    name: str,
    people: pd.DataFrame,
    clinics: pd.DataFrame,
    aims: tuple[float | None, float | None],
) -> list[Result]:
    first = timed(lambda: estimate_trips(people, clinics), 1, warm_up=0)
    whole = timed(lambda: estimate_trips(people, clinics), setting.repeats, warm_up=0)
    peak = peak_mib()
    origins = origins_of(people)
    held = trips_from(origins, clinics)
    size = _size(people, len(clinics))
    pairs = f"{len(held):,} pairs within {held.max_minutes:g} min"
    return [
        Result(name, size, "s", whole, aims[0], pairs),
        Result("  peak memory", size, "MiB", (peak,), aims[1], "whole process, pack and libraries with it"),
        Result("  first of a process", size, "s", first, note="loads the loops compiled before"),
        Result("  places made ready", size, "s", timed(lambda: origins_of(people), setting.repeats)),
        Result("  from ready places", size, "s", timed(lambda: trips_from(origins, clinics), setting.repeats)),
        Result("  minutes to the nearest", size, "ms", _ms(setting, lambda: minutes_to_nearest(held))),
        Result("  minutes to the 3rd", size, "ms", _ms(setting, lambda: minutes_to_nearest(held, rank=3))),
    ]


def gaps(setting: Setting) -> list[Result]:
    """What the Access gaps page asks of the library at each change, for one treatment in the nation."""
    national = load_pack(NATIONAL)
    people = national.people
    found = treatment_trips(people, national.clinics, national.services, [TREATMENT])
    cost = cost_to_nearest(found)
    limits = LIMITS_BY_UNIT["minutes"]
    size = _size(people, len(found.clinics), TREATMENT)
    table = _ms(setting, lambda: gap_tables(cost, people, limits))
    county = _ms(setting, lambda: cost_by_area(cost, people, [LIMIT_MINUTES], "county"))
    state = _ms(setting, lambda: cost_by_area(cost, people, [LIMIT_MINUTES], "state"))
    return [
        Result("gap table", size, "ms", table, note=f"{len(limits)} limits, 4 quantiles, by rurality and all"),
        Result("county table", size, "ms", county, note=f"{people['county'].nunique():,} counties, share and median"),
        Result("state table", size, "ms", state, note=f"{people['state'].nunique()} states, share and median"),
    ]


def scenario(setting: Setting) -> list[Result]:
    """One clinic opened and one closed, on a baseline made before, for two treatments."""
    return [result for treatment in (TREATMENT, "tms") for result in _scenario(setting, treatment)]


def _scenario(setting: Setting, treatment: str) -> list[Result]:
    national = load_pack(NATIONAL)
    ready = origins_of(national.people)
    base = baseline(national, treatment, landmarks=ready)
    latitude, longitude = MILES_CITY
    opened = OpenClinic(
        clinic_id="new-1", name="New clinic", latitude=latitude, longitude=longitude, treatments=(treatment,)
    )
    plan = Scenario(edits=(opened, CloseClinic(clinic_id=str(base.trips.clinics[0]))))
    changed = _ms(setting, lambda: what_if(base, plan, LIMIT_MINUTES))
    made = timed(lambda: baseline(national, treatment, landmarks=ready), setting.repeats)
    size = _size(national.people, len(base.trips.clinics), treatment)
    return [
        Result("scenario change", size, "ms", changed, 100, "one clinic opened, one closed"),
        Result("  its baseline", size, "s", made, note="once for each treatment and area"),
    ]


def care(_setting: Setting) -> list[Result]:
    """All that the server works out for a search: 200 ZIPs drawn from a seed, any treatment, a payer asked."""
    national = load_pack(NATIONAL)
    zips = load_gazetteer().zips
    wish = Wish(payer="medicaid")
    today = date(2026, 1, 1)
    ready = {"landmarks": origins_of(national.people), "offers": offers_of(national.services, wish.payer)}
    drawn = zips.sample(SEARCHES, random_state=1)[["latitude", "longitude"]].to_numpy().tolist()

    def search(at: list[float]) -> str:
        choices = care_choices(national, *at, wish, **ready)
        fails = parts_failed(choices, wish)
        clinics_hidden(choices, fails)
        relaxations(choices, fails)
        found = put_stated_first(order_choices(choices_that_fit(choices, fails), "drive", today))
        shown = found[found["clinic_id"].isin(found["clinic_id"].drop_duplicates().head(CARDS))]
        return care_cards(shown.assign(is_best=best_tradeoffs(shown)), today, payer=wish.payer)

    search(drawn[0])
    times = sorted(timed(partial(search, at), 1, warm_up=0, unit="ms")[0] for at in drawn)
    size = _size(national.people, len(national.clinics))
    named = {"median": times[len(times) // 2], "19 of 20 below": times[int(len(times) * 0.95)], "slowest": times[-1]}
    return [Result(f"find care, {SEARCHES} ZIPs, {name}", size, "ms", (ms,), 300) for name, ms in named.items()]


def _ms(setting: Setting, call: Callable[[], object]) -> tuple[float, ...]:
    return timed(call, setting.repeats, unit="ms")


def _sites(people: pd.DataFrame, count: int) -> pd.DataFrame:
    """Sites at places drawn by population; a place may be drawn twice."""
    chance = people["population"].to_numpy(float)
    rows = np.random.default_rng(1).choice(len(people), count, p=chance / chance.sum())
    spots = people[["latitude", "longitude"]].iloc[rows].reset_index(drop=True)
    return spots.assign(clinic_id=[f"site-{number:04d}" for number in range(count)])


def _size(people: pd.DataFrame, sites: int, treatment: str = "") -> str:
    return f"{len(people):,} places x {sites:,} {treatment.upper()}".strip() + " sites"
