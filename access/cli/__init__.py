"""The command `trd-access`: find, course, gaps, interval, points, scenario, site, layer, brief, data, roads, app.

Exit codes: 0 answered; 1 could not be answered, one sentence on stderr says why; 2 the command was
mistyped; 3 answered, and the answer is that nothing was found.
"""

import sys

import typer

from access.cli.brief import write_brief
from access.cli.course import course
from access.cli.data import data_app
from access.cli.find import find
from access.cli.gaps import gaps
from access.cli.interval import interval
from access.cli.layer import layer
from access.cli.open_app import open_app
from access.cli.output import FAILED
from access.cli.points import points
from access.cli.roads import roads_app
from access.cli.roads_area import show_reached_area
from access.cli.scenario import scenario_app
from access.cli.site import site
from access.errors import AccessError

app = typer.Typer(
    help="Where can I get care for treatment-resistant depression? Who cannot? What would change that?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(find)
app.command()(course)
app.command()(gaps)
app.command()(interval)
app.command()(points)
app.command()(site)
app.command()(layer)
app.command("brief")(write_brief)
app.command("app")(open_app)
app.add_typer(scenario_app, name="scenario", help="Edits to clinics: who gains, who loses; keep and compare them.")
app.add_typer(data_app, name="data", help="List, build and import packs of data.")
roads_app.command("area")(show_reached_area)
app.add_typer(
    roads_app,
    name="roads",
    help="Build, list and remove road networks, for real drives; the area within minutes; against the estimate.",
)


def main() -> None:
    """Run the command; an error that we foresee is one sentence, never a traceback."""
    try:
        app()
    except AccessError as failure:
        sys.stderr.write(f"trd-access: {failure}\n")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.stderr.write("trd-access: stopped; nothing was left half done.\n")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
