"""`trd-access course`: what the whole course would ask, at every clinic and for every treatment that fits a wish."""

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
from access.cli.output import write_csv, write_json, write_table
from access.places.gazetteer.lookup import find_place, load_gazetteer
from access.questions.choices import (
    ORDERS,
    best_tradeoffs,
    care_choices,
    order_choices,
    put_stated_first,
)
from access.questions.wish import (
    Relaxation,
    Wish,
    choices_that_fit,
    clinics_hidden,
    parts_failed,
    relaxations,
)
from access.vocabulary import PAYERS, TREATMENTS
from access.words.care import choice_name, drive_words
from access.words.course import hours_words, short_cost, visits_words
from access.words.wish import SETTINGS_ASKED, WEEKDAYS, hidden_words, relaxation_words

_DAYS = {name[:3].lower(): day for day, name in enumerate(WEEKDAYS)}
_CAVEAT = (
    "Drives, hours and costs are estimates; a price that no clinic states is a range from web pages. Call before you "
    "travel. If you are thinking about suicide or are in crisis, call or text 988."
)


def course(
    place: Annotated[str, typer.Argument(help='A ZIP, "town, ST" or "lat,lon".')],
    treatment: Treatments = None,
    payer: Annotated[str | None, typer.Option("--payer", help="medicare, medicaid, private, tricare, va ...")] = None,
    only_stated: Annotated[bool, typer.Option("--only-stated", help="Leave out who does not state the payer.")] = False,
    within: Annotated[str, typer.Option("--within", help="A drive: 120min, 2h, 50mi or 80km.")] = "240min",
    days: Annotated[str | None, typer.Option("--days", help="Days you can go, such as mon,wed,fri.")] = None,
    no_car: Annotated[bool, typer.Option("--no-car", help="Somebody drives you to every visit.")] = False,
    no_driver: Annotated[bool, typer.Option("--no-driver", help="Nobody can bring you home.")] = False,
    budget: Annotated[float | None, typer.Option("--budget", min=0, help="Dollars for the whole course.")] = None,
    telehealth: Annotated[bool, typer.Option("--telehealth", help="Only who states video or phone visits.")] = False,
    spanish: Annotated[bool, typer.Option("--spanish", help="Only who states care in Spanish.")] = False,
    setting: Annotated[list[str] | None, typer.Option("--setting", help=", ".join(SETTINGS_ASKED))] = None,
    sort: Annotated[str, typer.Option("--sort", help=", ".join(ORDERS))] = "drive",
    roads: Roads = None,
    pack_name: PackName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Visits, hours, miles, escort and money of the whole course at each clinic near a place."""
    form = form_of(as_json, as_csv)
    unit_and_longest = reach_of(within)
    check_words([sort], ORDERS, "--sort")
    wish = Wish(
        check_words(treatment or [], TREATMENTS, "--treatment"),
        check_words([payer], PAYERS, "--payer")[0] if payer else None,
        only_stated,
        *unit_and_longest,  # type: ignore[arg-type]
        days=_parse_days(days),
        has_car=not no_car,
        has_driver=not no_driver,
        budget_usd=budget,
        telehealth=telehealth,
        spanish=spanish,
        settings=check_words(setting or [], SETTINGS_ASKED, "--setting"),
    )
    origin = find_place(place, *load_gazetteer())
    choices = care_choices(load_pack_on_roads(pack_name, roads), origin.latitude, origin.longitude, wish)
    fails = parts_failed(choices, wish)
    today = datetime.now().astimezone().date()
    found = put_stated_first(order_choices(choices_that_fit(choices, fails), sort, today))
    found = found.assign(is_best=best_tradeoffs(found))
    _write(form, found, clinics_hidden(choices, fails), relaxations(choices, fails), wish, origin.label)
    if found.empty:
        raise typer.Exit(NOTHING_FOUND)


def _write(
    form: OutputForm, found: pd.DataFrame, hides: pd.DataFrame, ways: list[Relaxation], wish: Wish, label: str
) -> None:
    for_machines = found.drop(columns="is_estimate")
    if form is OutputForm.JSON:
        write_json({"place": label}, {"choices": for_machines, "hidden": hides, "relaxations": pd.DataFrame(ways)})
    elif form is OutputForm.CSV:
        write_csv(for_machines)
    else:
        notes = [*hidden_words(hides, wish), *(relaxation_words(one, wish) for one in ways), _CAVEAT]
        write_table(f"{len(found)} choices near {label}", _choices_for_people(found), notes)


def _choices_for_people(found: pd.DataFrame) -> pd.DataFrame:
    rows = found.to_dict("records")
    return pd.DataFrame(
        {
            "choice": [choice_name(row) for row in rows],
            "drive": [drive_words(row) or "in or near" for row in rows],
            "visits": [visits_words(row).rsplit(", ", 2)[0] if pd.notna(row["sessions"]) else "" for row in rows],
            "your time": [hours_words(row["patient_minutes"]) for row in rows],
            "driver's time": [hours_words(row["escort_minutes"]) for row in rows],
            "cost": [short_cost(row) for row in rows],
            "best": ["trade-off" if row["is_best"] else "" for row in rows],
        }
    )


def _parse_days(text: str | None) -> tuple[int, ...]:
    words = [word.strip().lower()[:3] for word in text.split(",")] if text else []
    return tuple(sorted(_DAYS[word] for word in check_words(words, _DAYS, "--days")))
