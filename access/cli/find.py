"""`trd-access find`: the clinics near a place that give a treatment and take a payer."""

from datetime import datetime
from typing import Annotated

import pandas as pd
import typer

from access.cli.exit_codes import NOTHING_FOUND
from access.cli.options import (
    AsCsv,
    AsJson,
    OutputForm,
    PackName,
    Roads,
    Treatments,
    check_words,
    form_of,
    load_pack_on_roads,
    reach_of,
)
from access.cli.output import write_csv, write_json, write_notes, write_table
from access.places.gazetteer.lookup import find_place, load_gazetteer
from access.places.services import NOT_STATED, REFUSED, STATED
from access.questions.care import care_near
from access.travel.estimate import MAX_MINUTES
from access.travel.mode import Mode
from access.travel.pack_travel import trip_finder_of
from access.vocabulary import PAYERS, TREATMENTS
from access.words.care import drive_words, evidence_text
from access.words.figures import count_words
from access.words.travel import no_car_note

CRISIS = "If you are thinking about suicide or are in crisis, call or text 988. In immediate danger call 911."
ESTIMATED = "Drives are estimates."
BY_ROAD = (
    "Drives are by road, without traffic; those with a range are estimates. Map: © OpenStreetMap contributors, ODbL."
)
BY_PATH = "Trips are along roads and paths. Map: © OpenStreetMap contributors, ODbL."
CALL_FIRST = "Call before you travel: a listing may be out of date. A clinic that is not in our data may still exist."


def find(
    place: Annotated[str, typer.Argument(help='A ZIP, "town, ST" or "lat,lon".')],
    treatment: Treatments = None,
    payer: Annotated[str | None, typer.Option("--payer", help="medicare, medicaid, private, tricare, va ...")] = None,
    within: Annotated[str, typer.Option("--within", help="A drive: 120min, 2h, 50mi or 80km.")] = "240min",
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Clinics near a place, nearest first, with phone, evidence and the drive."""
    form = form_of(as_json, as_csv)
    treatments = check_words(treatment or [], TREATMENTS, "--treatment")
    if payer:
        check_words([payer], PAYERS, "--payer")
    unit, limit = reach_of(within)
    origin = find_place(place, *load_gazetteer())
    pack = load_pack_on_roads(pack_name, roads)
    anywhere = care_near(pack, origin.latitude, origin.longitude, treatments=treatments, payer=payer)
    found = anywhere[(anywhere[unit] <= limit) & (anywhere["payer_answer"] != REFUSED)]
    about = {
        "pack": pack.name,
        "place": origin.label,
        "treatments": treatments,
        "payer": payer,
        "within": within,
        "roads": pack.roads,
    }
    if form is OutputForm.JSON:
        write_json(about, {"clinics": found.drop(columns="is_estimate")})
    elif form is OutputForm.CSV:
        write_csv(found.drop(columns="is_estimate"))
    else:
        _write_people(found, anywhere, origin.label, payer, within, trip_finder_of(pack).mode)
    if found.empty:
        raise typer.Exit(NOTHING_FOUND)


def _write_people(
    found: pd.DataFrame, anywhere: pd.DataFrame, label: str, payer: str | None, within: str, mode: Mode
) -> None:
    groups = {"": found}
    if payer:
        groups = {
            f", {PAYERS[payer]} stated": found[found["payer_answer"] == STATED],
            f", {PAYERS[payer]} not stated (ask)": found[found["payer_answer"] == NOT_STATED],
        }
    for which, clinics in groups.items():
        if not clinics.empty:
            write_table(
                f"{count_words(len(clinics), 'clinic')} within {within} of {label}{which}",
                _clinics_for_people(clinics, mode),
            )
    hidden = int((anywhere["payer_answer"] == REFUSED).sum())
    if found.empty:
        write_notes(f"None in our data within {within} of {label}. That is not proof that there is no care.")
        _suggest_nearest(anywhere)
    if hidden:
        write_notes(f"{count_words(hidden, 'clinic')} said not to take {PAYERS[payer or '']} left out.")
    write_notes(f"{_method_words(anywhere, mode)} {CALL_FIRST}", CRISIS)


def _method_words(clinics: pd.DataFrame, mode: Mode) -> str:
    missed = "" if clinics.empty else no_car_note(mode)
    return f"{BY_PATH} {missed}" if missed else ESTIMATED if _are_all_estimates(clinics) else BY_ROAD


def _suggest_nearest(anywhere: pd.DataFrame) -> None:
    if anywhere.empty:
        write_notes(f"Nor within {MAX_MINUTES:g} minutes. Ask your doctor, or search findtreatment.gov.")
        return
    nearest = anywhere.iloc[0]
    write_notes(f"The nearest in our data: {nearest['name']}, {nearest['city']}, about {nearest['minutes']:.0f} min.")


def _clinics_for_people(clinics: pd.DataFrame, mode: Mode) -> pd.DataFrame:
    today = datetime.now().astimezone().date()
    return pd.DataFrame(
        {
            "clinic": clinics["name"] + " [" + clinics["clinic_id"] + "]",
            "town": clinics["city"].fillna("") + ", " + clinics["state"],
            "drive (estimate)" if _are_all_estimates(clinics) else "drive" if mode.is_driven else "trip": [
                drive_words(row) or "in or near" for row in clinics.to_dict("records")
            ],
            "treatments": clinics["treatments"].str.replace("|", ", "),
            "takes (stated)": clinics["payers_accepted"].str.replace("|", ", ").replace("", "not stated"),
            "phone": clinics["phone"],
            "how we know": evidence_text(clinics, today),
        }
    )


def _are_all_estimates(clinics: pd.DataFrame) -> bool:
    return bool(clinics["is_estimate"].all())
