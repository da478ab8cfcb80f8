"""The commands of `trd-access scenario`: what would change by edits, and the store that keeps them."""

from access.cli.on_demand import CommandPlace, app_on_demand

scenario_app = app_on_demand(
    {
        "save": CommandPlace(
            "access.cli.scenario_store:save_scenario_file",
            "Keep a file as the next version of a scenario; refused if somebody saved one meanwhile.",
        ),
        "list": CommandPlace(
            "access.cli.scenario_store:list_scenarios", "The newest version of every scenario, who saved it and when."
        ),
        "show": CommandPlace("access.cli.scenario_store:show_scenario", "A scenario as it was saved, on stdout."),
        "history": CommandPlace(
            "access.cli.scenario_store:show_history", "Every version of a scenario: who, when and why."
        ),
        "retire": CommandPlace(
            "access.cli.scenario_store:retire_stored_scenario",
            "Take a scenario off the list; its history stays, and saving it again revives it.",
        ),
        "export": CommandPlace(
            "access.cli.scenario_store:export_scenarios",
            "Every version of every scenario in one file, to keep or to move to another store.",
        ),
        "import": CommandPlace(
            "access.cli.scenario_store:import_scenarios",
            "Add the scenarios of an export; all of them, or none if one differs from what the store has.",
        ),
        "report": CommandPlace(
            "access.cli.scenario:write_report",
            "Write a report for a board: who gains and loses, where, at which clinics, and how to repeat it.",
        ),
        "apply": CommandPlace("access.cli.scenario:apply", "Before and after: people within reach, gained and lost."),
        "compare": CommandPlace("access.cli.scenario:compare", "Up to four scenarios beside how things stand."),
    }
)
