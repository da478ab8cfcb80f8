"""Scenario files as commands read and write them, with the point of every town in them."""

from pathlib import Path

from access.errors import ScenarioError
from access.places.gazetteer import Gazetteer, find_place
from access.scenarios.scenario import Scenario, read_scenario, scenario_text, settled


def open_scenario(path: Path, gazetteer: Gazetteer) -> Scenario:
    """The scenario in a file, with the point of each town that it names.

    Raises
    ------
    ScenarioError: the file is no scenario, or names a town that is not known.
    """
    return settled(read_scenario(path), lambda text: find_place(text, *gazetteer))


def save_scenario(plan: Scenario, path: Path) -> None:
    """Write a scenario to a file.

    Raises
    ------
    ScenarioError: the file cannot be written.
    """
    try:
        path.write_text(scenario_text(plan), encoding="utf-8")
    except OSError as failure:
        raise ScenarioError(f"{path} cannot be written ({failure.strerror}). Choose another file.") from failure
