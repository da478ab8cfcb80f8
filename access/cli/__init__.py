"""The command `trd-access`: find, course, gaps, interval, points, scenario, site, layer, brief, data, roads, app.

Exit codes: 0 answered; 1 could not be answered, one sentence on stderr says why; 2 the command was
mistyped; 3 answered, and the answer is that nothing was found.
"""

import sys

from access.cli.exit_codes import FAILED, STOPPED
from access.cli.on_demand import CommandPlace, app_on_demand
from access.errors import AccessError, check_installation

app = app_on_demand(
    {
        "find": CommandPlace(
            "access.cli.find:find", "Clinics near a place, nearest first, with phone, evidence and the drive."
        ),
        "course": CommandPlace(
            "access.cli.course:course",
            "Visits, hours, miles, escort and money of the whole course at each clinic near a place.",
        ),
        "gaps": CommandPlace(
            "access.cli.gaps:gaps",
            "People and share beyond each limit by rurality, state or county, the median, and the urban-rural gap.",
        ),
        "interval": CommandPlace(
            "access.cli.interval:interval",
            "The gap with its 90 % interval, from listings that may be wrong, travel times and where people live.",
        ),
        "points": CommandPlace(
            "access.cli.points:points",
            "People of your points, or of a population grid, beyond each limit: by the million, in chunks.",
        ),
        "site": CommandPlace(
            "access.cli.site:site",
            "Where next: the sites that meet an objective best, the order to open them in, and how good that is.",
        ),
        "layer": CommandPlace(
            "access.cli.layer:layer",
            "Write one view by county or hexagon: the map as a picture, or its data with a dictionary.",
        ),
        "brief": CommandPlace(
            "access.cli.brief:write_brief",
            "Write a one-page brief: map, three numbers with intervals, comparison, method, sources.",
        ),
        "app": CommandPlace(
            "access.cli.open_app:open_app", "Open the app; it lives in the checkout, beside this library."
        ),
        "scenario": CommandPlace(
            "access.cli.scenario_commands:scenario_app",
            "Edits to clinics: who gains, who loses; keep and compare them.",
        ),
        "data": CommandPlace("access.cli.data_commands:data_app", "List, build and import packs of data."),
        "roads": CommandPlace(
            "access.cli.roads_commands:roads_app",
            "Build, list and remove road networks, for real drives; the area within minutes; against the estimate.",
        ),
    },
    help="Where can I get care for treatment-resistant depression? Who cannot? What would change that?",
    is_root=True,
)


def main() -> None:
    """Run the command; an error that we foresee is one sentence, never a traceback."""
    try:
        check_installation()  # here too: the other's __init__ may have taken the place of ours
        app()
    except AccessError as failure:
        sys.stderr.write(f"trd-access: {failure}\n")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.stderr.write("trd-access: stopped; nothing was left half done.\n")
        sys.exit(STOPPED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
