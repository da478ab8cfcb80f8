"""The commands of `trd-access data`: packs, and the clinics in them."""

from access.cli.on_demand import CommandPlace, app_on_demand

data_app = app_on_demand(
    {
        "correct": CommandPlace(
            "access.cli.data_corrections:correct_clinic",
            "Correct a clinic, in every pack that is used on this machine; the packs themselves stay as they are.",
        ),
        "corrected": CommandPlace(
            "access.cli.data_corrections:list_corrections",
            "The corrections that are applied on this machine, numbered, with who, when and why.",
        ),
        "uncorrect": CommandPlace(
            "access.cli.data_corrections:undo_correction",
            "Take a correction back: the clinic is again what the sources say.",
        ),
        "accept": CommandPlace(
            "access.cli.data_corrections:accept_by_number",
            "Accept what a visitor of the app reported: it counts in every pack from now on.",
        ),
        "dismiss": CommandPlace(
            "access.cli.data_corrections:dismiss_by_number",
            "Settle what a visitor of the app reported without a change.",
        ),
        "import": CommandPlace(
            "access.cli.data_import:import_list",
            "A new pack: the people of a pack, and your own clinics merged with its clinics (or alone).",
        ),
        "template": CommandPlace(
            "access.cli.data_import:write_template",
            "An empty list to fill in: every column, and an example row that is never imported.",
        ),
        "refresh": CommandPlace(
            "access.cli.data_refresh:refresh_pack",
            "Ask the sources of clinics again; what one no longer has is marked, "
            "and what fails leaves its last records.",
        ),
        "changes": CommandPlace(
            "access.cli.data_refresh:list_changes", "What was new, gone, changed or back at each refresh of a pack."
        ),
        "why": CommandPlace(
            "access.cli.data_decisions:explain_clinic",
            "Every record that a clinic is made of: its source and days, the rule that joined it, and what it offers.",
        ),
        "same": CommandPlace(
            "access.cli.data_decisions:decide_same",
            "Decide that two records are one clinic; the rules never overturn it, and `undecide` takes it back.",
        ),
        "different": CommandPlace(
            "access.cli.data_decisions:decide_different",
            "Decide that two records are two clinics; the rules never overturn it, and `undecide` takes it back.",
        ),
        "decided": CommandPlace(
            "access.cli.data_decisions:list_decisions",
            "The decisions of this machine, numbered, with who, when and why.",
        ),
        "undecide": CommandPlace("access.cli.data_decisions:undecide", "Take a decision back: the rules decide again."),
        "list": CommandPlace(
            "access.cli.data:list_packs", "The packs on this machine, what is in each and how old it is."
        ),
        "show": CommandPlace(
            "access.cli.data:show_pack",
            "Every source of a pack: publisher's address, vintage, licence, and the hash of its bytes.",
        ),
        "build": CommandPlace(
            "access.cli.data:build",
            "Build the national pack from Census, USDA and SAMHSA files; the old one stays until the new one is whole.",
        ),
        "shares": CommandPlace(
            "access.cli.data:add_survey_shares",
            "Add shares of people (poverty, no vehicle, veterans ...) from the American Community Survey to a pack.",
        ),
        "corrections": CommandPlace(
            "access.cli.data:list_reports",
            "What visitors of the app on this machine reported as wrong, for its owner to look into.",
        ),
        "starter": CommandPlace(
            "access.cli.data:build_starter_pack",
            "Make the starter pack anew (in a checkout, with the `build` extra installed).",
        ),
    }
)
