"""Where a figure comes from: the data it stands on, what limits them, and the command that gives it again."""

import shlex
from collections.abc import Sequence

from access.language import SOURCE, language, say
from access.places.pack import STARTER, Pack
from access.report.travel_words import drives_sentence
from access.report.view import View
from access.travel.way import is_driven
from access.travel.ways import estimate_of, way_of


def provenance(pack: Pack) -> str:
    """Which data a page stands on, how old it is, and that how its drives are found; one line."""
    manifest = pack.manifest
    return say(
        "{title}; built {date}; people by {unit}. {drives} A clinic that is not in our data may still exist.",
        title=say(manifest.title),
        date=manifest.built_on,
        unit=say(manifest.origin_unit.replace("_", " ")),
        drives=drives_sentence(pack),
    )


def sources_line(pack: Pack) -> str:
    """The publications that a pack was made from, each with its vintage and the day it was fetched; one line."""
    named = [f"{one.name} ({one.vintage}; {one.retrieved})" for one in pack.manifest.sources]
    return "; ".join(dict.fromkeys(named)) + "."


def data_limits(pack: Pack) -> list[str]:
    """What must be known about every figure of a pack: its drives, clinics and people; in sentences."""
    schemes = ", ".join(map(say, pack.people["rurality_scheme"].drop_duplicates().sort_values()))
    unit = say(pack.manifest.origin_unit.replace("_", " "))
    said = [
        say("Every drive is by car, one way, an estimate from straight-line distance: mountains make it longer.")
        if pack.roads is None
        else drives_sentence(pack),
        say("A clinic that is not in our data may exist, and one that is may have closed or be full."),
        say("People who reach no clinic within 4 hours count as far away."),
        say("City and country are by {scheme}; people by {unit}.", scheme=schemes, unit=unit),
    ]
    if pack.name == STARTER:
        said.insert(0, say("The people are modelled, not counted: treat figures of a single county with care."))
    return said


def pack_words(pack: Pack) -> dict[str, str]:
    """The columns that tell in a file which data its figures stand on."""
    manifest, way = pack.manifest, way_of(pack)
    methods = (way.name, estimate_of(pack).name) if is_driven(way.name) else (way.name,)
    return {
        "pack": manifest.name,
        "built_on": manifest.built_on,
        "people_by": manifest.origin_unit,
        "method": "; ".join(dict.fromkeys(methods)),
    }


def layer_command(view: View, by: str, area: Sequence[str], pack: Pack) -> str:
    """The command that gives the data of this view. `area`: the options that name the area, such as --state MT."""
    words = ["trd-access", "layer", "--by", by, "--show", view.show, "--unit", view.unit]
    words += [word for one in view.treatments for word in ("--treatment", one)]
    words += ["--rank", f"{view.rank}", "--beyond", f"{view.limit:g}", "--demand", view.demand]
    words += ["--payer", view.payer] if view.payer else []
    words += area
    words += [] if view.has_car else ["--no-car"]
    return shlex.join([*words, *_data(pack), "--out", "access.zip"])


def brief_command(view: View, area: Sequence[str], pack: Pack) -> str:
    """The command that makes a brief on this view in the current language. `area`: as for `layer_command`."""
    words = ["trd-access", "brief", *area]
    words += [word for one in view.treatments for word in ("--treatment", one)]
    words += ["--payer", view.payer] if view.payer else []
    words += ["--beyond", f"{view.limit:g}", *_data(pack)]
    return shlex.join([*words, *_in_language(), "--out", "brief.pdf"])


def scenario_command(treatment: str, state: str | None, limit: float, pack: Pack) -> str:
    """The command that makes the report of a scenario, kept as scenario.yaml, in the current language."""
    words = ["trd-access", "scenario", "report", "scenario.yaml", "-t", treatment]
    words += ["--state", state] if state else []
    words += ["--within", f"{limit:g}min", *_data(pack)]
    return shlex.join([*words, *_in_language(), "--out", "report.pdf"])


def _data(pack: Pack) -> list[str]:
    return ["--pack", pack.name, *(["--roads", pack.roads] if pack.roads else [])]


def _in_language() -> list[str]:
    return ["--lang", language()] if language() != SOURCE else []
