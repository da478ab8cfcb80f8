"""Where a figure comes from: the data it stands on, and the command that gives it again."""

import shlex
from collections.abc import Sequence

from access.language import SOURCE, language, say
from access.places.pack import Pack
from access.report.view import View
from access.travel.estimate import BANDED


def provenance(pack: Pack) -> str:
    """Which data a page stands on, how old it is, and that its drives are estimates; one line."""
    manifest = pack.manifest
    return say(
        "{title}; built {date}; people by {unit}. One-way drives are estimates from straight-line distance. "
        "A clinic that is not in our data may still exist.",
        title=say(manifest.title),
        date=manifest.built_on,
        unit=say(manifest.origin_unit.replace("_", " ")),
    )


def pack_words(pack: Pack) -> dict[str, str]:
    """The columns that tell in a file which data its figures stand on."""
    manifest = pack.manifest
    return {
        "pack": manifest.name,
        "built_on": manifest.built_on,
        "people_by": manifest.origin_unit,
        "method": BANDED.name,
    }


def layer_command(view: View, by: str, area: Sequence[str], pack: str) -> str:
    """The command that gives the data of this view. `area`: the options that name the area, such as --state MT."""
    words = ["trd-access", "layer", "--by", by, "--show", view.show, "--unit", view.unit]
    words += [word for one in view.treatments for word in ("--treatment", one)]
    words += ["--rank", f"{view.rank}", "--beyond", f"{view.limit:g}", "--demand", view.demand]
    words += ["--payer", view.payer] if view.payer else []
    words += area
    words += [] if view.has_car else ["--no-car"]
    return shlex.join([*words, "--pack", pack, "--out", "access.zip"])


def brief_command(view: View, area: Sequence[str], pack: str) -> str:
    """The command that makes a brief on this view in the current language. `area`: as for `layer_command`."""
    words = ["trd-access", "brief", *area]
    words += [word for one in view.treatments for word in ("--treatment", one)]
    words += ["--payer", view.payer] if view.payer else []
    words += ["--beyond", f"{view.limit:g}", "--pack", pack]
    return shlex.join([*words, *(["--lang", language()] if language() != SOURCE else []), "--out", "brief.pdf"])
