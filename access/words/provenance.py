"""Where a figure comes from: the data it stands on, their sources, and what limits them."""

from access.language import say
from access.places.pack import STARTER, Pack
from access.travel.pack_travel import estimate_of, trip_finder_of
from access.words.travel import drives_sentence


def provenance_line(pack: Pack) -> str:
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


def pack_columns(pack: Pack) -> dict[str, str]:
    """The columns that tell in a file which data its figures stand on."""
    manifest = pack.manifest
    way = trip_finder_of(pack)
    mode = way.mode
    methods = (mode.name, estimate_of(pack).name) if mode.is_driven else (mode.name,)
    return {
        "pack": manifest.name,
        "built_on": manifest.built_on,
        "people_by": manifest.origin_unit,
        "method": "; ".join(dict.fromkeys(methods)),
    }
