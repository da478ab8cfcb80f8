"""The command that gives a figure, a brief or a report again, as one types it."""

import shlex
from collections.abc import Sequence
from typing import Final

from access.language import SOURCE_LANGUAGE, language
from access.places.pack import Pack
from access.questions.view import View


def layer_command(view: View, by: str, area: Sequence[str], pack: Pack) -> str:
    """The command that gives the data of this view. `area`: the options that name the area, such as --state MT."""
    words = ["trd-access", "layer", "--by", by, "--show", view.show, "--unit", view.unit]
    words += [word for one in view.treatments for word in ("--treatment", one)]
    words += ["--rank", f"{view.rank}", "--beyond", f"{view.limit:g}", "--demand", view.demand]
    words += ["--payer", view.payer] if view.payer else []
    words += area
    words += [] if view.has_car else ["--no-car"]
    return shlex.join([*words, *_data_options(pack), "--out", "access.zip"])


def brief_command(view: View, area: Sequence[str], pack: Pack) -> str:
    """The command that makes a brief on this view in the current language. `area`: as for `layer_command`."""
    words = ["trd-access", "brief", *area]
    words += [word for one in view.treatments for word in ("--treatment", one)]
    words += ["--payer", view.payer] if view.payer else []
    words += ["--beyond", f"{view.limit:g}", *_data_options(pack)]
    return shlex.join([*words, *_language_options(), "--out", "brief.pdf"])


def scenario_command(treatment: str, state: str | None, limit: float, pack: Pack) -> str:
    """The command that makes the report of a scenario, kept as scenario.yaml, in the current language."""
    words = ["trd-access", "scenario", "report", "scenario.yaml", "-t", treatment]
    words += ["--state", state] if state else []
    words += ["--within", f"{limit:g}min", *_data_options(pack)]
    return shlex.join([*words, *_language_options(), "--out", "report.pdf"])


def _data_options(pack: Pack) -> list[str]:
    return ["--pack", pack.name, *(["--roads", pack.roads] if pack.roads else [])]


def _language_options() -> list[str]:
    return ["--lang", language()] if language() != SOURCE_LANGUAGE else []


NATION: Final = "US"
