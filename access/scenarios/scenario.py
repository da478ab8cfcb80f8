"""A scenario: a named list of edits to a pack, kept as a small YAML file that people can read and write."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from access.errors import PlaceError, ScenarioError
from access.places.gazetteer.lookup import Gazetteer, Place, find_place
from access.scenarios.edits import Edit, MobileSite, Spot
from access.scenarios.plain_yaml import read_yaml, write_yaml

VERSION: Final = 1
AnySpot = TypeVar("AnySpot", bound=Spot)


class Scenario(BaseModel):
    """A named list of edits, made in order on a pack; `pack`: the one that they were written for, if any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = VERSION
    name: Annotated[str, Field(min_length=1, max_length=80)] = "scenario"
    pack: Annotated[str, Field(max_length=80)] = ""
    note: Annotated[str, Field(max_length=4000)] = ""
    edits: Annotated[tuple[Edit, ...], Field(max_length=1000)] = ()

    @property
    def cost_usd(self) -> float | None:
        """What all edits cost together; None: one of them does not say."""
        costs = [edit.cost_usd for edit in self.edits]
        return None if None in costs or not costs else float(sum(cost for cost in costs if cost is not None))


def read_scenario(path: Path) -> Scenario:
    """The scenario in a YAML file, or in JSON, which is YAML.

    Raises
    ------
    ScenarioError
        The file is not there or cannot be read, or as `parse_scenario`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise ScenarioError(f"{path} cannot be read ({failure}). Name a scenario file.") from failure
    return parse_scenario(text, str(path))


def parse_scenario(text: str, where: str = "The scenario") -> Scenario:
    """The scenario that a text says.

    Raises
    ------
    ScenarioError
        Not plain YAML, of another version, or an edit in it is not one we know; names the first.
    """
    content = read_yaml(text, where)
    if not isinstance(content, dict):
        raise ScenarioError(f"{where} holds no scenario: it must begin with 'version: {VERSION}'. Correct it.")
    version = str(content.get("version", VERSION))
    if version != str(VERSION):
        raise ScenarioError(f"{where} is of version {version}; this program reads version {VERSION}. Update one.")
    try:
        return Scenario.model_validate(_drop_blanks({**content, "version": VERSION}))
    except ValidationError as failure:
        first = failure.errors()[0]
        at = ".".join(str(step + 1) if isinstance(step, int) else step for step in first["loc"]) or "the file"
        raise ScenarioError(f"{where}: {at}: {first['msg']} ({failure.error_count()} such). Correct it.") from None


def scenario_text(scenario: Scenario) -> str:
    """The YAML of a scenario, which `parse_scenario` reads back to the same."""
    kept = scenario.model_dump(mode="json", exclude_defaults=True)
    edits = [{"action": edit.action, **edit.model_dump(mode="json", exclude_defaults=True)} for edit in scenario.edits]
    return write_yaml({"version": VERSION, "name": scenario.name, **kept, "edits": edits})


def locate_towns(scenario: Scenario, find: Callable[[str], Place]) -> Scenario:
    """The scenario with the point of every town that has none yet; `find` gives a place for what was typed.

    Raises
    ------
    ScenarioError
        A town is not known, or is several; says which edit.
    """

    def locate_spot(spot: AnySpot, number: int) -> AnySpot:
        if spot.has_point or spot.at_clinic:
            return spot
        try:
            place = find(spot.town)
        except PlaceError as failure:
            raise ScenarioError(f"Edit {number}: {failure}") from None
        more = {"state": place.state} if hasattr(spot, "state") and not spot.state else {}
        return spot.model_copy(update={"latitude": place.latitude, "longitude": place.longitude, **more})

    edits: list[Edit] = []
    for number, edit in enumerate(scenario.edits, 1):
        if isinstance(edit, MobileSite):
            edits.append(edit.model_copy(update={"stops": tuple(locate_spot(stop, number) for stop in edit.stops)}))
        else:
            edits.append(locate_spot(edit, number) if isinstance(edit, Spot) else edit)
    return scenario.model_copy(update={"edits": tuple(edits)})


def _drop_blanks(content: Any) -> Any:
    """What is left empty in the file is not said."""
    if isinstance(content, dict):
        return {key: _drop_blanks(value) for key, value in content.items() if value not in ("", "null", "~")}
    return [_drop_blanks(value) for value in content] if isinstance(content, list) else content


def open_scenario(path: Path, gazetteer: Gazetteer) -> Scenario:
    """The scenario in a file, with the point of each town that it names.

    Raises
    ------
    ScenarioError
        The file is no scenario, or names a town that is not known.
    """
    return locate_towns(read_scenario(path), lambda text: find_place(text, *gazetteer))


def write_scenario(plan: Scenario, path: Path) -> None:
    """Write a scenario to a file.

    Raises
    ------
    ScenarioError
        The file cannot be written.
    """
    try:
        path.write_text(scenario_text(plan), encoding="utf-8")
    except OSError as failure:
        raise ScenarioError(f"{path} cannot be written ({failure.strerror}). Choose another file.") from failure
