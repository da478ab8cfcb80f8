"""What every feature of the program answers: recorded from one checkout, and compared with what another answers.

    python scripts/behavior.py record FOLDER --command .venv/bin/trd-access --python .venv/bin/python
    python scripts/behavior.py compare BEFORE AFTER
    python scripts/behavior.py list

`record` runs every case on the starter pack and, where a built one is at hand, on the national pack, each in a home and
data folder of its own. `compare` exits 1 where anything that a machine reads (JSON, CSV, files, exit codes, results of
Python calls) differs, and tells differences of plain words apart, since these may change on purpose.

A record is a folder for each pack and case: `answers` holds what machines read, `words` what people read. The command
runs as the script that it is, but in a process that has loaded the library before, so that a case takes no four seconds
to start; the cases whose names begin with `shell-` start it as a shell does. What must vary is evened out in
`normalized` alone. Ages of evidence are counted from today: compare records of one day.

A case is a name and the lines that one would type, in `EVERYWHERE`, `ON_STARTER` or `ON_NATIONAL`; or a function
`py_...` that is given the library and a pack, and gives what is to be kept by name. The files of `in/` are made below.
"""

import argparse
import contextlib
import dataclasses
import difflib
import fnmatch
import gc
import hashlib
import importlib
import json
import math
import os
import queue
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TRD_SHARED") or ROOT.parent / "shared")
LIBRARY, LIBRARY_COMMAND, OUTLINES = "access", "access.cli", "access.places.outlines"  # what is imported
STARTER, NATIONAL = PACKS = ("starter", "us-2020")
WORKERS = 2
MOST_SECONDS = 300  # that a step may take
TODAY = date(2026, 12, 1)  # of Python calls that ask for a day

# ---------------------------------------------------------------------------------------------------------------------
# Cases of the command: a line for each call. NAME=VALUE in front sets a variable, as in a shell.
# ---------------------------------------------------------------------------------------------------------------------

FORMS = ("", "--json", "--csv")
MEASURES = (
    "clinics_within", "minutes_to_supply", "supply_within", "supply_within_interval", "gravity", "gravity_competition",
    "floating", "two_step", "enhanced_two_step", "modified_two_step", "three_step", "balanced", "availability", "raam",
    "balancing", "expected", "course_minutes", "course_escort_minutes", "course_miles", "course_usd", "uptake",
)  # fmt: skip
OBJECTIVES = ("people", "patients", "starts", "rural", "average", "worst", "everyone", "poverty", "severity")
COMMANDS = (
    "", "find", "course", "gaps", "interval", "points", "site", "layer", "brief", "app", "scenario", "scenario save",
    "scenario list", "scenario show", "scenario history", "scenario retire", "scenario export", "scenario import",
    "scenario report", "scenario apply", "scenario compare", "data", "data correct", "data corrected", "data uncorrect",
    "data accept", "data dismiss", "data import", "data template", "data refresh", "data changes", "data why",
    "data same", "data different", "data decided", "data undecide", "data list", "data show", "data build",
    "data shares", "data corrections", "roads", "roads compare", "roads build", "roads list", "roads show",
    "roads remove", "roads area",
)  # fmt: skip


def in_every_form(line: str) -> str:
    """The line for people, as JSON and as CSV."""
    return "\n".join(f"{line} {form}" for form in FORMS)


EVERYWHERE: dict[str, str] = {
    # -- find
    "find-zip": in_every_form("find 59718 -t tms"),
    "find-town": in_every_form('find "Bangor, ME" -t ect -t ketamine_iv --within 120min'),
    "find-any-treatment": in_every_form("find 43215 --within 45min"),
    "find-point": 'find "45.68,-111.04" -t tms --json',
    "find-county": 'find "Gallatin County, MT" -t esketamine --json',
    "find-within-distance": """
        find "Denver, CO" -t ketamine_iv --within 50mi --json
        find "Denver, CO" -t ketamine_iv --within 80km --csv
        find "Denver, CO" -t ketamine_iv --within 2h
    """,
    "find-payer": in_every_form('find "Billings, MT" -t esketamine --payer medicaid'),
    "find-payer-va": in_every_form('find "Kalispell, MT" --payer va'),
    "find-nothing": in_every_form('find "Glasgow, MT" -t ect --within 30min'),
    "find-far-away": 'find "Adak, AK" -t ect',
    "find-starter-by-name": "find 59718 -t ect --pack starter --json\nTRD_ACCESS_PACK=starter find 59718 -t ect --csv",
    "find-errors": """
        find 00000
        find "Nowhere, ZZ"
        find Springfield
        find "Springfield, MT"
        find "10,10"
        find "-111.04,45.68"
        find 59718 -t leeches
        find 59718 --payer nobody
        find 59718 --within 9h
        find 59718 --within far
        find 59718 --within 900mi
        find 59718 --json --csv
        find 59718 --pack nope
        find 59718 --roads nope
        find 59718 --roads osrm:nothing
        find
    """,
    # -- course
    "course-plain": in_every_form('course "Bangor, ME" -t tms'),
    "course-all-treatments": in_every_form("course 59801 --within 180min"),
    "course-days-and-hours": in_every_form('course "Bangor, ME" -t ect --days mon,wed,fri --sort hours'),
    "course-by-cost": "course 43215 -t ketamine_iv -t esketamine --sort cost --budget 4000 --json",
    "course-by-sureness": "course 43215 --sort sure --within 60mi --csv",
    "course-without-car": "course 43215 -t tms --no-car --json",
    "course-without-driver": "course 43215 --no-driver --json\ncourse 43215 --no-driver",
    "course-stated-payer": "course 59101 --payer medicaid --only-stated --json\ncourse 59101 --payer medicaid",
    "course-spanish-and-video": "course 33101 --spanish --telehealth --json\ncourse 33101 --spanish --telehealth",
    "course-setting": "course 43215 --setting hospital --setting academic --csv",
    "course-nothing": in_every_form('course "Glasgow, MT" -t ect --within 30min --days mon --budget 1 --no-driver'),
    "course-errors": """
        course 59718 --days someday
        course 59718 --sort luck
        course 59718 --setting garage
        course 59718 --budget -1
        course 59718 --within 9h
        course 00000
        course "Nowhere, ZZ" --json
    """,
    # -- gaps
    "gaps-nation": in_every_form("gaps -t ect"),
    "gaps-state": in_every_form("gaps --state MT -t ketamine_iv"),
    "gaps-all-treatments": "gaps --state Maine --json\ngaps --state Maine",
    "gaps-miles": in_every_form("gaps -t tms --state OH --unit miles"),
    "gaps-second-nearest": in_every_form("gaps -t tms --state OH --rank 2"),
    "gaps-limits": "gaps -t esketamine --state TX --beyond 75,15,240,0 --json",
    "gaps-by-state": in_every_form("gaps -t ect --by state"),
    "gaps-by-county": in_every_form("gaps -t tms --state MT --by county"),
    "gaps-by-hexagon": "gaps -t tms --state MT --by hexagon --csv",
    "gaps-by-area": in_every_form("gaps -t tms --by area --areas in/areas.geojson"),
    "gaps-by-area-miles": "gaps -t tms --by area --areas in/areas.geojson --unit miles --beyond 50 --csv",
    "gaps-by-hpsa": in_every_form("gaps -t tms --state MT --by hpsa --hpsa in/hpsa.csv"),
    "gaps-by-county-type": "gaps -t tms --state MT --by county_type --csv\n"
    "gaps -t tms --state MT --by county_type --land in/land.csv",
    "gaps-by-forhp": in_every_form("gaps -t tms --state MT --by forhp"),
    **{
        f"gaps-measure-{name}": f"""
            gaps -t tms --state OH --measure {name} --json
            gaps -t ketamine_iv --state MT --measure {name} --by county --csv
        """
        for name in MEASURES
    },
    "gaps-measures-for-people": "\n".join(f"gaps -t ketamine_iv --state MT --measure {name}" for name in MEASURES[::3]),
    "gaps-measure-nation": "gaps -t tms --measure enhanced_two_step --by state --csv\n"
    "gaps -t ect --measure clinics_within --by rurality --json",
    "gaps-measure-raam-nation": "gaps -t ect --measure raam --by state --csv",
    "gaps-measure-by-area": "gaps -t tms --measure gravity --by area --areas in/areas.geojson --csv",
    "gaps-measure-by-hexagon": "gaps -t tms --state MT --measure two_step --by hexagon --csv",
    "gaps-decays": "\n".join(
        f"gaps -t tms --state OH --measure enhanced_two_step --max-minutes 45 --decay {decay} --csv"
        for decay in (
            "zones",
            "sharp_zones",
            "binary",
            "linear",
            "exponential:0.03",
            "power",
            "gaussian",
            "logistic",
            "log_logistic",
            "esketamine",
        )
    ),
    "gaps-demand-and-supply": """
        gaps -t tms --state OH --measure two_step --demand adults --adult-share 0.78 --json
        gaps -t tms --state OH --measure two_step --demand trd_low --adult-share 0.78 --csv
        gaps -t tms --state OH --measure two_step --demand trd_central --adult-share 0.78 --supply known --csv
        gaps -t tms --state OH --measure two_step --demand adults
        gaps -t tms --state OH --measure two_step --supply courses
    """,
    "gaps-reach-and-rank": """
        gaps -t tms --state OH --measure supply_within --max-minutes 120 --csv
        gaps -t tms --state OH --measure minutes_to_supply --rank 3 --csv
        gaps -t ketamine_iv --state OH --measure course_minutes --rank 2 --csv
    """,
    "gaps-adequacy": in_every_form("gaps -t tms --state MT --measure adequacy"),
    "gaps-adequacy-standards": "\n".join(
        f"gaps -t tms --state OH --measure adequacy --standard {name} --csv"
        for name in (
            "medicare_psychiatry",
            "va_mental_health",
            "va_specialty",
            "north_carolina_medicaid",
            "in/standard.csv",
            "in/bad_standard.csv",
            "nobodys",
        )
    ),
    "gaps-adequacy-land": "gaps -t tms --state OH --measure adequacy --land in/land.csv --csv",
    "gaps-payer": in_every_form("gaps -t esketamine --state MT --measure payer --payer medicaid"),
    "gaps-payer-by-county": "gaps -t tms --state OH --measure payer --payer va --by county --csv",
    "gaps-gap": in_every_form("gaps -t ect --measure gap"),
    "gaps-gini": in_every_form("gaps -t ect --measure gini --by state"),
    "gaps-lorenz": in_every_form("gaps -t ect --state OH --measure lorenz"),
    "gaps-concentration": """
        gaps -t ect --state OH --measure concentration --rank-by population --json
        gaps -t ect --state OH --measure concentration --rank-by population --poorest high --by rurality
        gaps -t ect --state OH --measure concentration
        gaps -t ect --state OH --measure concentration --rank-by luck
    """,
    "gaps-theil": in_every_form("gaps -t ect --state OH --measure theil"),
    "gaps-poverty": in_every_form("gaps -t ect --state MT --measure poverty --beyond 60,120"),
    "gaps-excess": in_every_form("gaps -t ect --state MT --measure excess --beyond 60"),
    "gaps-lightest": in_every_form("gaps -t ketamine_iv -t esketamine --state OH --measure lightest"),
    "gaps-starts-lost": in_every_form("gaps -t esketamine --state MT --measure starts_lost --adult-share 0.78"),
    "gaps-errors": """
        gaps -t leeches
        gaps --state Atlantis
        gaps --by planet
        gaps --by area
        gaps --by hpsa
        gaps --hpsa in/hpsa.csv
        gaps --areas in/areas.geojson
        gaps --by area --areas in/nothing.geojson
        gaps --by area --areas in/broken.geojson
        gaps --by hpsa --hpsa in/land.csv
        gaps --measure luck
        gaps --measure two_step --unit miles
        gaps --unit furlongs
        gaps --beyond soon
        gaps --beyond -5
        gaps --beyond 500
        gaps --rank 0
        gaps --demand cats
        gaps --supply cats
        gaps --payer cats
        gaps --poorest middle
        gaps --max-minutes 900
        gaps -t tms --measure two_step --decay luck
        gaps -t tms --measure two_step --decay exponential:x
        gaps -t tms --measure starts_lost
        gaps -t tms -t ect --measure course_minutes
        gaps -t ketamine_im --state OH --measure course_minutes
        gaps -t tms --state OH --measure payer
        gaps -t tms --state OH --measure subgroups
        gaps -t tms --state OH --measure adequacy --land in/hpsa.csv
        gaps --roads nope
        gaps --json --csv
    """,
    # -- interval
    "interval-state": in_every_form("interval -t ect --state OH --beyond 60"),
    "interval-nation": in_every_form("interval -t ect --beyond 60,120 --draws 300"),
    "interval-evidence": "interval -t tms --state MT --beyond 60 --listings evidence --draws 500 --json",
    "interval-seed": "interval -t tms --state MT --beyond 30,90 --seed 7 --draws 500 --csv",
    "interval-errors": """
        interval --state OH
        interval -t leeches
        interval -t ect --beyond 240
        interval -t ect --draws 5
        interval -t ect --listings hearsay
        interval -t ect --state Atlantis
    """,
    # -- points
    "points-csv": in_every_form("points in/points.csv -t ect --beyond 30,60"),
    "points-kept": "points in/points.csv -t tms -t ect --out each.csv --json",
    "points-grid": in_every_form("points in/grid.tif -t ect"),
    "points-errors": """
        points in/nothing.csv -t ect
        points in/land.csv -t ect
        points in/swapped.csv -t ect
        points in/unpeopled.csv -t ect
        points in/broken.tif -t ect
        points in/points.csv -t leeches
        points in/points.csv -t ect --beyond 999
        points in/points.csv -t ect --out nowhere/each.csv
    """,
    # -- layer
    "layer-data": "\n".join(
        f"layer --state MI -t ect --out mi.{form}" for form in ("csv", "geojson", "gpkg", "parquet")
    )
    + "\nlayer --state MI -t ect --out mi.zip",
    "layer-pictures": "layer --state MI -t ect --out mi.svg\nlayer --state MI -t ect --out mi.png",
    "layer-nation": "layer -t tms --out us.csv\nlayer -t tms --out us.svg",
    "layer-hexagons": "layer --state MT --by hexagon -t ect --out a.csv\nlayer --state MT --by hexagon --out b.geojson",
    "layer-hexagon-picture": "layer --state MT --by hexagon -t ect --out mt.svg --lang es",
    "layer-spanish": "layer --state OH -t tms --lang es --out oh.svg\nlayer --state OH -t tms --lang es --out oh.csv",
    "layer-shows": "\n".join(
        f"layer --state MT -t esketamine --show {show} --out {show}.csv"
        for show in (
            "share",
            "beyond",
            "median",
            "course",
            "starts_lost",
            "two_step",
            "enhanced_two_step",
            "modified_two_step",
            "three_step",
        )
    ),
    "layer-shows-pictured": "layer --state MT -t esketamine --show course --no-car --out c.svg\n"
    "layer --state MT -t tms --show three_step --demand trd_low --out s.svg\n"
    "layer --state MT -t tms --show median --unit miles --rank 2 --out m.svg",
    "layer-options": """
        layer --state OH -t tms --payer medicaid --unit miles --beyond 30 --out p.csv
        layer --state OH -t tms --rank 2 --demand adults --out d.csv
        layer --state MT -t tms --demand trd_central --show beyond --out t.csv
    """,
    "layer-counties": "layer --county 39049 --county 39041 -t tms --out c.csv\nlayer --county 39049 --out c.svg",
    "layer-own-area": "layer --areas in/areas.geojson -t ect --out a.csv\nlayer --areas in/areas.geojson --out a.svg",
    "layer-errors": """
        layer --out x.doc
        layer --out x.csv --by planet
        layer --out x.csv --show luck
        layer --out x.csv --show starts_lost -t tms
        layer --out x.csv --show course -t tms -t ect
        layer --out x.csv --state MT --county 30001
        layer --out x.csv --county 99999
        layer --out x.csv --lang fr
        layer --out nowhere/x.csv --state MT
        layer --out x.csv --state Atlantis
        layer
    """,
    # -- brief
    "brief-state": "brief --state MT -t ect --out mt.html\nbrief --state MT -t ect --out mt.pdf",
    "brief-spanish": "brief --state MT -t ect --lang es --out mt.html\nbrief --state MT -t ect --lang es --out mt.pdf",
    "brief-nation": "brief -t tms --out us.html",
    "brief-options": "brief --state OH -t tms -t ect --payer medicaid --beyond 45 --out oh.html",
    "brief-counties": "brief --county 39049 --county 39041 -t tms --out c.html",
    "brief-own-area": "brief --areas in/areas.geojson -t esketamine --lang es --out a.html",
    "brief-errors": """
        brief --out x.doc
        brief --state Atlantis
        brief --state MT --all-states
        brief --beyond 2
        brief --lang fr
        brief --payer cats
        brief -t leeches
    """,
    # -- scenario
    "scenario-open-and-close": in_every_form(
        'scenario apply -t ect --add "Miles City, MT" --add 59601 --close st-me-001'
    ),
    "scenario-certify": in_every_form("scenario apply -t esketamine --certify st-mt-004 --state MT"),
    "scenario-move-and-drop": """
        scenario apply -t tms --move "st-mt-003 to Great Falls, MT" --drop st-mt-002 --state MT --by county --csv
        scenario apply -t tms --move "st-mt-003 to Great Falls, MT" --drop st-mt-002 --state MT --by county
    """,
    "scenario-payer": in_every_form(
        'scenario apply -t esketamine --certify st-mt-004 --accept "st-mt-004 takes medicaid" --state MT --by payer'
    ),
    "scenario-by-state": "scenario apply -t ect --close st-me-001 --close st-me-002 --by state --csv",
    "scenario-kilometers": "scenario apply -t ect --add 59601 --within 80km --state MT --json",
    "scenario-saved": 'scenario apply -t tms --add "Havre, MT" --certify st-mt-001 --save saved.yaml --json\n'
    "scenario apply -t tms saved.yaml --close st-mt-002 --save more.yaml --csv",
    "scenario-twelve-edits": "\n".join(
        in_every_form(f"scenario apply -t {name} in/twelve.yaml --state MT") for name in ("esketamine", "tms")
    ),
    "scenario-compare": in_every_form(
        "scenario compare in/two.yaml in/twelve.yaml in/closing.yaml -t esketamine --state MT --within 90min"
    ),
    "scenario-compare-nation": "scenario compare in/two.yaml in/closing.yaml -t ect --json",
    "scenario-report": "\n".join(
        f"scenario report in/twelve.yaml -t esketamine --state MT --lang {lang} --out {lang}.{form}"
        for lang in ("en", "es")
        for form in ("html", "pdf")
    ),
    "scenario-report-nation": "scenario report in/closing.yaml -t ect --within 90min --out us.html",
    "scenario-store": """
        scenario list
        TRD_ACCESS_AUTHOR=Ada scenario save in/two.yaml --note "first try"
        scenario save in/two.yaml --author Bob
        scenario save in/twelve.yaml --name two --author Bob --after 1 --note "all twelve"
        scenario save in/closing.yaml --author Eve
        scenario list
        scenario list --json
        scenario list --csv
        scenario show two
        scenario show two --version 1
        scenario show two --json
        scenario show three
        scenario history two
        scenario history two --json
        scenario history two --csv
        scenario history three
        scenario export all.jsonl
        scenario retire closing --author Ada --note "no longer"
        scenario retire closing --author Ada
        scenario retire nobody --author Ada
        scenario list --csv
        TRD_ACCESS_STORE=other.sqlite scenario import all.jsonl
        TRD_ACCESS_STORE=other.sqlite scenario import all.jsonl
        TRD_ACCESS_STORE=other.sqlite scenario list --json
        scenario import all.jsonl
        scenario import in/two.yaml
        scenario export nowhere/all.jsonl
        scenario save in/broken.yaml --author Ada
    """,
    "scenario-errors": """
        scenario apply -t ect
        scenario apply -t leeches --close st-me-001
        scenario apply -t ect --close nobody
        scenario apply -t ect --add "Nowhere, ZZ"
        scenario apply -t ect --add "30,-70"
        scenario apply -t ect --move "st-me-001 Bangor"
        scenario apply -t ect --accept "st-me-001 takes cats"
        scenario apply -t ect --close st-me-001 --by planet
        scenario apply -t ect --close st-me-001 --by state --within 80km
        scenario apply -t ect in/broken.yaml
        scenario apply -t ect in/unknown.yaml
        scenario apply -t ect in/nothing.yaml
        scenario apply -t ect in/contradiction.yaml
        scenario compare -t ect in/two.yaml in/two.yaml in/two.yaml in/two.yaml in/two.yaml
        scenario compare -t ect in/two.yaml --within 80km
        scenario report in/two.yaml -t ect --out x.doc
        scenario report in/nothing.yaml -t ect
        scenario apply -t ect --close st-me-001 --save nowhere/x.yaml
    """,
    # -- site
    **{
        f"site-{name}": in_every_form(
            f"site -t esketamine --objective {name} --state MT --seconds 250"
            + (" --where-possible" if name == "everyone" else " --add 3")
            + (" --adult-share 0.78" if name in ("patients", "starts") else "")
        )
        for name in OBJECTIVES
    },
    "site-within": "site -t tms --add 2 --within 90min --state OH --most 150 --seed 3 --json",
    "site-nation": "site -t ect --add 4 --most 400 --seconds 250 --json",
    "site-hospitals": "site -t esketamine --add 3 --candidates hospitals --state OH --json\n"
    "site -t esketamine --add 3 --candidates hospitals --state OH",
    "site-clinics": "site -t ect --add 2 --candidates clinics --state MT --csv",
    "site-own-candidates": in_every_form("site -t ect --add 2 --candidates in/candidates.csv --state MT"),
    "site-capacity": "site -t ect --add 3 --candidates in/candidates.csv --capacity --state MT --json",
    "site-budget": "site -t ect --candidates in/candidates.csv --budget 500000 --site-cost 150000 --state MT --json\n"
    "site -t ect --budget 500000 --site-cost 200000 --state MT --csv",
    "site-apart": "site -t ect --add 3 --apart-km 150 --apart-from-existing-km 80 --state MT --csv",
    "site-saved": """
        site -t esketamine --add 2 --state MT --save next.yaml --json
        site -t esketamine --add 1 --state MT --scenario next.yaml --json
        scenario apply -t esketamine next.yaml --state MT --csv
        site -t ect --add 1 --state MT --candidates hospitals --save certify.yaml --csv
    """,
    "site-frontier": in_every_form("site -t esketamine --frontier 1,2,4 --state MT"),
    "site-frontier-budgets": 'site -t ect --frontier "$2e5,$6e5" --candidates in/candidates.csv --site-cost 2e5 '
    "--state MT --csv\nsite -t ect --frontier 1,3 --objective average --state MT",
    "site-stability": in_every_form("site -t esketamine --add 2 --state MT --stability 20"),
    "site-errors": """
        site -t esketamine
        site -t leeches --add 1
        site -t esketamine --add 0
        site -t esketamine --add 1 --objective luck
        site -t tms --add 1 --objective starts --state MT
        site -t tms --add 1 --objective patients --state MT
        site -t tms --add 1 --within 50mi
        site -t tms --add 1 --objective average --within 60min
        site -t tms --add 1 --candidates in/land.csv
        site -t tms --add 1 --candidates in/nothing.csv
        site -t tms --add 1 --candidates hospitals --most 5
        site -t tms --add 1 --scenario in/broken.yaml
        site -t tms --frontier 1,x
        site -t tms --frontier 1,2 --add 3
        site -t tms --frontier 1,2 --stability 5
        site -t tms --objective everyone --state MT
        site -t tms --objective everyone --add 2
        site -t tms --add 1 --budget -5
    """,
    # -- data
    "data-list": in_every_form("data list"),
    "data-show": "data show\ndata show --json\ndata show --pack starter --json\ndata show --pack nope",
    "data-template": "data template own.csv\ndata import own.csv\ndata template in/land.csv/own.csv",
    "data-import": """
        data import in/own.csv
        data import in/own.csv --name mine --pack starter
        data list --csv
        data show --pack mine --json
        find 59718 -t tms --pack mine --json
        data why own-alpha --pack mine --json
        data import in/own.csv --name mine --pack mine
    """,
    "data-import-alone": """
        data import in/own.geojson --name drawn --alone
        data import in/own.xlsx --name sheet --alone
        find 59718 --pack drawn --json
        find 59718 --pack sheet --json
    """,
    "data-import-refused": """
        data import in/own_bad.csv --name mine --refused refused.csv
        data import in/own_bad.csv --name mine --leave-out-refused --alone
        data list --csv
        find 59718 --pack mine --json
    """,
    "data-import-errors": """
        data import in/nothing.csv
        data import in/land.csv
        data import in/broken.xlsx
        data import in/own.csv --name "../x"
        data import in/own.csv --name roads
        data import in/own.csv --name starter
    """,
    "data-correct": """
        data corrected
        data correct st-me-001 --phone 207-555-0100 --why "rang them" --who Ada
        data correct st-me-002 --closed --why "a note on the door" --who Ada
        data correct st-mt-002 --not-offered tms --why "their page" --who Bob
        data correct st-mt-004 --moved "12 Main St, Helena, MT 59601" --why "a letter" --who Bob
        data corrected
        data corrected --json
        data corrected --csv
        find "Bangor, ME" -t ect --json
        find "Missoula, MT" -t ketamine_iv -t tms --json
        gaps -t ect --state ME --json
        data why st-me-001 --json
        data uncorrect 2
        data uncorrect 9
        data corrected --csv
        find "Portland, ME" -t ect --csv
    """,
    "data-correct-errors": """
        data correct nobody --closed --why x
        data correct st-me-001 --why x
        data correct st-me-001 --closed --phone 1 --why x
        data correct st-me-001 --not-offered leeches --why x
        data correct st-me-001 --moved "nowhere at all" --why x
        data correct st-me-001 --closed
    """,
    "data-corrections": """
        data corrections
        data corrections --json
        data corrections --csv
        data accept 1
        data accept 2
        data accept 3
        data accept 4
        data accept 9
        data dismiss 3
        data dismiss 3
        data corrections --json
        data corrected --json
    """,
    "data-why": "data why st-me-001\ndata why st-me-001 --json\ndata why nobody",
    "data-decide": """
        data decided
        data different st-al-001 st-al-002 --why "two doors" --who Ada
        data same st-mt-004 st-mt-005 --why "one house" --who Bob
        data decided
        data decided --json
        data decided --csv
        data why st-mt-004 --json
        find "Missoula, MT" --json
        data undecide 1
        data undecide 9
        data same st-mt-004 nobody --why x --who Bob
        data decided --csv
    """,
    "data-changes": in_every_form("data changes") + "\ndata changes --since 2026-01-01 --source nppes\n"
    "data changes --source hearsay",
    "data-shares-errors": """
        data shares --year 2024 --from in/land.csv
        data shares --year 2010 --from in/acsdt5y2024-b17021.dat
        data shares --year 2024 --from in/nothing.dat
        data shares --year 2024 --pack nope
    """,
    # -- roads
    "roads-none": """
        roads list
        roads list --json
        roads show nope
        roads remove nope
        roads compare
        roads compare --roads nope
        roads compare --roads opentimes
        roads build in/nothing.osm
        roads build in/land.csv
    """,
    "roads-area-estimated": """
        roads area st-me-001 --minutes 30,60 --json
        roads area st-me-001 --minutes 30,60 --out a.svg --out a.csv --out a.geojson --out a.png
        roads area -t ect --state ME --minutes 45 --lang es --out e.svg --json
        roads area st-me-001 st-me-002 --minutes 20
    """,
    "roads-area-errors": """
        roads area
        roads area nobody
        roads area st-me-001 -t ect
        roads area st-me-001 --minutes soon
        roads area st-me-001 --minutes 900
        roads area st-me-001 --out a.doc
        roads area -t esketamine --state ME
    """,
}

ON_STARTER: dict[str, str] = {
    "shell-find": 'find "Bangor, ME" -t ect --json\nfind 00000',
    "shell-help": "--help",
    "help": "\n".join(f"{command} --help" for command in COMMANDS),
    "brief-all-states": "brief --all-states -t ect --out briefs",
    "roads-build": """
        roads build in/roads.osm --name maine
        roads list
        roads list --json
        roads show maine
        roads show maine --json
        roads build in/roads.osm --profile foot
        roads build in/few_roads.osm --profile bicycle --name bike --contract
        roads build in/roads.osm --profile horse
        roads build in/roads.osm --name "../x"
        roads list --csv
        roads remove maine
        roads remove maine
        roads list --csv
    """,
    "roads-on-foot": """
        roads build in/roads.osm --profile foot --name walk
        find "Portland, ME" -t tms --roads walk
        find "Portland, ME" -t tms --roads walk --json
        gaps -t ect --state ME --roads walk --json
        roads area st-me-002 --roads walk --json
        roads compare --roads walk
    """,
    "data-refresh": """
        data refresh --source hearsay
        data refresh --state Atlantis
        data refresh --source samhsa_directory --mirror in/mirror --name fresh
    """,
}

ON_ROADS = """
    roads build in/roads.osm --name maine
    find "Portland, ME" -t ect --roads maine --json
    find "Portland, ME" -t ect --roads maine
    course "Portland, ME" -t ect --roads maine --csv
    gaps -t ect --state ME --roads maine --json
    gaps -t ect --state ME --roads maine
    gaps -t ect --state ME --roads maine --measure raam --csv
    interval -t ect --state ME --roads maine --beyond 60 --json
    layer --state ME -t ect --roads maine --out me.csv
    brief --state ME -t ect --roads maine --out me.html
    scenario apply -t ect --close st-me-002 --add "Lewiston, ME" --state ME --roads maine --json
    site -t ect --add 2 --state ME --roads maine --json
    TRD_ACCESS_ROADS=maine gaps -t tms --state ME --csv
"""
ROADS_AREA = """
    roads build in/roads.osm --name maine
    roads area st-me-002 --roads maine --minutes 30,60 --json
    roads area st-me-002 --roads maine --minutes 30,60 --out a.svg --out a.csv --out a.geojson
    roads area -t ect --state ME --roads maine --minutes 45 --lang es --out e.svg
"""
ROADS_COMPARED = """
    roads build in/roads.osm --name maine
    roads compare --roads maine --state ME
    roads compare --roads maine --state ME --json
    roads compare --roads maine --state ME --between places --csv
    roads compare --roads maine --state ME -t ect --between clinics --json --out c.svg
    roads compare --roads maine --state ME --save --json
    find "Portland, ME" -t ect --json
    gaps -t ect --state ME --json
    roads compare --forget
    find "Portland, ME" -t ect --csv
"""
EVERYWHERE |= {"roads-asked": ON_ROADS, "roads-area": ROADS_AREA, "roads-compare": ROADS_COMPARED}

ON_NATIONAL: dict[str, str] = {
    "data-build": "data build --mirror in/shared\ndata list --csv\nfind 59718 -t ect --json",
    "data-build-tracts": """
        data build --origin tract --mirror in/shared
        data show --json
        gaps -t ect --state MT --json
        data build --mirror in/mirror
    """,
    "data-refresh": """
        data refresh --source samhsa_directory --mirror in/shared --again
        data refresh --source samhsa_directory --mirror in/shared --again --json
        data refresh --source samhsa_directory --mirror in/shared --name fresh --csv
        data refresh --source samhsa_directory --source nppes --mirror in/mirror --again --json
        data changes --json
        data changes
    """,
    "data-why-joined": "data why st-md-005\ndata why st-md-005 --json\ndata why st-ny-005",
    "data-decide-records": """
        data same st-al-002 samhsa-f651b7d7c2 --why "one switchboard" --who Ada
        data why st-al-002 --json
        data different st-md-005 samhsa-0885cbc899 --why "two campuses" --who Ada
        data why st-md-005 --json
        data decided --json
        data undecide 1
        data list --csv
    """,
    "data-shares": """
        data shares --year 2024 --state RI --from in/acsdt5y2024-b17021.dat --from in/acsdt5y2024-b21001.dat
        data show --json
        gaps -t ect --state RI --measure subgroups
        gaps -t ect --state RI --measure subgroups --json
        gaps -t tms --state RI --measure subgroups --by county --csv
        gaps -t ect --state RI --measure concentration --rank-by share_poverty --poorest high --json
    """,
    "opentimes": """
        TRD_ACCESS_MIRROR=in/mirror find "Providence, RI" -t ect --roads opentimes --json
        TRD_ACCESS_MIRROR=in/mirror find "Providence, RI" -t ect --roads opentimes
        TRD_ACCESS_MIRROR=in/mirror gaps -t ect --state RI --roads opentimes --json
        TRD_ACCESS_MIRROR=in/mirror gaps -t ect --state RI --roads opentimes#urban=1.3 --json
        TRD_ACCESS_MIRROR=in/mirror roads compare --roads opentimes --state RI --json
        TRD_ACCESS_MIRROR=in/mirror roads compare --roads opentimes --state RI --out c.svg
        TRD_ACCESS_MIRROR=in/mirror gaps -t ect --state MT --roads opentimes
        TRD_ACCESS_MIRROR=in/mirror gaps -t ect --state RI --roads opentimes#urban=9
    """,
}

# ---------------------------------------------------------------------------------------------------------------------
# Cases in Python: each is given the library and a pack, and gives what is to be kept by name.
# ---------------------------------------------------------------------------------------------------------------------

Access = Any
Results = Mapping[str, Any]
# What a public name that the cases call is called now: `{"raam": "rational_cost"}`. A rename is one line here, and a
# library that still has the old name is asked by it.
RENAMED = {
    "Ground": "SitingData",
    "Question": "SitingQuestion",
    "RideProgramme": "RideProgram",
    "Sources": "ErrorSources",
    "binary": "binary_decay",
    "exponential": "exponential_decay",
    "gaussian": "gaussian_decay",
    "ground_of": "siting_data_of",
    "left_out": "no_car_note",
    "linear": "linear_decay",
    "log_logistic": "log_logistic_decay",
    "logistic": "logistic_decay",
    "power": "power_decay",
    "settled": "locate_towns",
    "side_by_side": "scenario_comparison",
    "stepped": "stepped_decay",
    "way_by": "trip_finder_by",
    "way_of": "trip_finder_of",
}


class Library:
    """The library under the names that the cases know."""

    def __init__(self) -> None:
        self.module = importlib.import_module(LIBRARY)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name if hasattr(self.module, name) else RENAMED.get(name, name))


def no_car_note(access: Access, method: str) -> str:
    """What trips by a method leave out; until 0107c09 the method was its text, since then a `Mode`."""
    if hasattr(access.module, "left_out"):
        return str(access.left_out(method))
    modes = importlib.import_module("access.travel.mode")
    profile = method.rpartition(",")[2]
    return str(access.left_out(modes.Mode(method, modes.vehicle_of(profile))))


def name_of_finder(finder: Any) -> str:
    """What a trip finder calls its trips."""
    return str(getattr(finder, "mode", finder).name)


def world(access: Access, pack: Any, treatment: str = "tms", state: str | None = "OH") -> SimpleNamespace:
    """What most measures stand on: the people of a state, their trips to a treatment, who asks and what is given."""
    people = access.people_of(pack.people, state)
    trips = access.treatment_trips(people, pack.clinics, pack.services, [treatment], landmarks=pack.people)
    return SimpleNamespace(
        people=people,
        trips=trips,
        services=pack.services,
        minutes=access.minutes_to_nearest(trips),
        km=access.km_to_nearest(trips),
        demand=access.demand_of(people, "people"),
        supply=access.supply_of(pack.services, [treatment], unit="clinics")["supply"].astype(float),
    )


def standing(access: Access, pack: Any, treatment: str = "esketamine", state: str | None = "MT") -> Any:
    """How things stand in a state before any edit."""
    return access.baseline(pack, treatment, access.people_of(pack.people, state))


def twelve(access: Access) -> Any:
    """The scenario of twelve kinds of edit, with the points of its towns."""
    gazetteer = access.load_gazetteer()
    plan = access.read_scenario(Path("in/twelve.yaml"))
    return access.settled(plan, lambda text: access.find_place(text, *gazetteer))


def error_of(ask: Callable[[], object]) -> str:
    """The kind and the words of the error that a call ends in; "": it ends in none."""
    try:
        ask()
    except Exception as failure:  # noqa: BLE001 - what kind it is, is the answer
        return f"{type(failure).__name__}: {failure}"
    return ""


def py_pack(access: Access, pack: Any) -> Results:
    return {
        "names": access.pack_names(),
        "manifest": pack.manifest,
        "people": pack.people,
        "clinics": pack.clinics,
        "services": pack.services,
        "as_built": {"clinics": len(access.load_pack(pack.name, as_built=True).clinics)},
        "default": access.load_pack().name,
        "error": error_of(lambda: access.load_pack("nope")),
        "error_is_foreseen": issubclass(access.AccessError, Exception),
        "offering": access.clinics_offering(pack.services, ["tms", "ect"]),
    }


def py_places(access: Access, pack: Any) -> Results:  # noqa: ARG001
    gazetteer = access.load_gazetteer()
    texts = [
        "59718", "59718-1234", "Bozeman, MT", "bozeman montana", "45.67,-111.2", "Springfield", "Springfield, PA 19064",
        "Gallatin County, MT", "Orleans Parish", "St. Louis, MO", "Washington", "New York", "0", "", "90,0",
        "São Paulo", "Bangr, ME", "00501", "Honolulu HI", "San Juan, PR", "Fairbanks, AK", "x" * 200,
    ]  # fmt: skip

    def found(text: str) -> object:
        try:
            return access.find_place(text, *gazetteer)
        except access.AccessError as failure:
            return [type(failure).__name__, str(failure), list(getattr(failure, "choices", []))]

    return {"zips": gazetteer.zips.head(500), "towns": gazetteer.towns.head(500), "found": {t: found(t) for t in texts}}


def py_trips(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ect", "MT")
    slow = access.estimate_trips(w.people, pack.clinics.head(60), estimate=access.FACTOR_SPEED, max_minutes=90)
    own = dataclasses.replace(access.BANDED, name="estimate of a test", start_minutes=5.0)
    short = access.estimate_trips(w.people, pack.clinics, estimate=own, max_minutes=60, landmarks=pack.people)
    return {
        "trips": w.trips.to_frame(),
        "about": {"method": w.trips.method, "max": w.trips.max_minutes, "count": len(w.trips)},
        "by_factor_and_speed": slow.to_frame(),
        "own_estimate": short.to_frame(),
        "among": w.trips.among(list(w.trips.clinics[:20])).to_frame(),
        "estimates": [access.BANDED, access.FACTOR_SPEED],
        "kinds": [type(w.trips) is access.Trips, isinstance(own, access.DriveEstimate)],
        "left_out": [
            no_car_note(access, method) for method in (w.trips.method, "road: OSRM 6, foot", "road: OSRM 6, car")
        ],
    }


def py_nearest(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    return {
        "minutes": w.minutes,
        "km": w.km,
        "second": access.minutes_to_nearest(w.trips, rank=2),
        "third_km": access.km_to_nearest(w.trips, rank=3),
        "clinic": access.nearest_clinic(w.trips),
        "second_clinic": access.nearest_clinic(w.trips, rank=2),
        "within_minutes": access.clinics_within(w.trips, max_minutes=45),
        "within_km": access.clinics_within(w.trips, max_km=30),
        "expected": access.expected_minutes(w.trips),
        "expected_half": access.expected_minutes(w.trips, works=0.5)["expected_minutes"],
        "error": error_of(lambda: access.minutes_to_nearest(w.trips, rank=0)),
    }


def py_nearest_nation(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ect", None)
    return {"minutes": w.minutes, "beyond": access.people_beyond(w.minutes, w.people, [30, 60, 120], by=["state"])}


def py_beyond(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    by_rurality = access.people_beyond(w.minutes, w.people, [15, 30, 60], by=["rurality"])
    tables = access.gap_tables(w.minutes, w.people, [30, 60, 90])
    return {
        "all": access.people_beyond(w.minutes, w.people, [15, 30, 60]),
        "by_rurality": by_rurality,
        "by_county_and_rurality": access.people_beyond(w.km, w.people, [25], by=["county", "rurality"]),
        "quantiles": access.cost_quantiles(w.minutes, w.people, by=["county"]),
        "gap": access.urban_rural_gap(by_rurality, "share_beyond", within=["beyond"]),
        "gap_tables": vars(tables),
        "without_quantiles": vars(access.gap_tables(w.minutes, w.people, [30], with_quantiles=False)),
        "curve": access.curve(w.minutes, w.people, 120, by=["rurality"]),
        "error": error_of(lambda: access.people_beyond(w.minutes.iloc[1:], w.people, [30])),
    }


def decays(access: Access) -> dict[str, Any]:
    """A decay of every kind."""
    return {
        "binary": access.binary(45),
        "linear": access.linear(60, full_minutes=10),
        "exponential": access.exponential(0.03, max_minutes=90),
        "power": access.power(1.5),
        "gaussian": access.gaussian(30),
        "logistic": access.logistic(40, 10),
        "log_logistic": access.log_logistic(40, 3, max_minutes=120),
        "stepped": access.stepped((10, 20, 30), (1, 0.68, 0.22)),
        "esketamine": access.esketamine_decay(),
        "esketamine_smooth": access.esketamine_decay(form="smooth"),
        "over_km": access.linear(60).over_km(),
    }


def py_decays(access: Access, pack: Any) -> Results:  # noqa: ARG001
    costs = [0, 1, 5, 9.99, 10, 15, 20, 30, 30.001, 45, 60, 75, 90, 120, 240, math.nan]
    named = {name: access.decay_named(name, 60) for name in access.DECAYS} | {
        text: access.decay_named(text, 90) for text in ("exponential:0.05", "gaussian:20", "logistic:40,10")
    }
    kinds = {**decays(access), **{f"named {name}": decay for name, decay in named.items()}}
    return {
        "weights": {name: decay.weights(costs) for name, decay in kinds.items()},
        "decays": kinds,
        "errors": [
            error_of(lambda text=text: access.decay_named(text, 60)) for text in ("luck", "power:x", "linear:1,2")
        ],
        "type": all(isinstance(decay, access.Decay) for decay in kinds.values()),
    }


def py_catchments(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    three = w.trips, w.demand, w.supply
    near = access.people_of(pack.people, "MT")
    there = near.rename(columns={"geoid": "clinic_id"})[["clinic_id", "latitude", "longitude"]]
    between = access.estimate_trips(near, there, max_minutes=30)
    of_near = world(access, pack, "tms", "MT")
    return {
        "two_step": access.two_step_catchment(*three, max_minutes=60),
        "enhanced": access.enhanced_catchment(*three),
        "modified": access.modified_catchment(*three),
        "three_step": access.three_step_catchment(*three),
        "balanced": access.balanced_catchment(*three),
        "balanced_demand": access.balanced_demand(w.trips, w.demand),
        "availability": access.spatial_availability(*three),
        "availability_per_head": access.spatial_availability(*three, demand_exponent=0.5, per_head=True),
        "floating": access.floating_catchment(
            of_near.trips, of_near.demand, of_near.supply, between_places=between, max_minutes=30
        ),
        "error": error_of(lambda: access.two_step_catchment(*three, max_minutes=900)),
    }


def py_catchments_with_decays(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ect", "MT")
    three = w.trips, w.demand, w.supply
    methods = {
        "enhanced": access.enhanced_catchment,
        "modified": access.modified_catchment,
        "three_step": access.three_step_catchment,
        "balanced": access.balanced_catchment,
        "gravity": access.gravity_with_competition,
    }
    return {
        f"{method}_{name}": of(*three, decay=decay)
        for method, of in methods.items()
        for name, decay in decays(access).items()
    }


def py_gravity(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    decay = decays(access)["linear"]
    return {
        "gravity": access.gravity(w.trips, w.supply, decay=decay),
        "competition": access.gravity_with_competition(w.trips, w.demand, w.supply, decay=decay),
        "within": access.supply_within(w.trips, w.supply, max_minutes=30),
        "between": access.supply_within_interval(w.trips, w.supply, from_minutes=15, to_minutes=45),
        "to_supply": access.minutes_to_supply(w.trips, w.supply, 3.0),
        "balancing": access.balancing_minutes(w.trips, w.demand, w.supply),
        "balancing_half": access.balancing_minutes(w.trips, w.demand, w.supply, factor=0.5),
    }


def py_raam(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    answer = access.raam_answer(w.trips, w.demand, w.supply, tau_minutes=30, tolerance=1e-4)
    return {
        "cost": access.raam(w.trips, w.demand, w.supply),
        "answer": {field: value for field, value in vars(answer).items() if field != "people_of_trip"},
        "people_of_trip": answer.people_of_trip[:2000],
        "unsettled": error_of(lambda: access.raam(w.trips, w.demand, w.supply, tolerance=1e-12, max_rounds=2)),
    }


def py_measures_by_name(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ketamine_iv", "MT")
    terms = access.Terms(max_minutes=90.0, decay="linear")
    found = {name: access.ask(name, w.trips, w.people, w.services, ["ketamine_iv"], terms) for name in access.MEASURES}
    return {
        **found,
        "units": {name: [measure.unit, measure.is_cost] for name, measure in access.MEASURES.items()},
        "tables": {name: access.measure_table(values, w.people, by=["rurality"]) for name, values in found.items()},
        "table_of_all": access.measure_table(found["raam"], w.people),
    }


def py_summaries(access: Access, pack: Any) -> Results:
    w = world(access, pack, "esketamine", "MT")
    asked = access.Asked(
        w.trips, w.people, w.services, ["esketamine"], ["county"], (30.0, 60.0),
        payer="medicaid", rank_by="population", poorest="low", adult_share=0.78,
    )  # fmt: skip
    return {
        **{name: access.summary(name, asked) for name in access.SUMMARIES if name != "subgroups"},
        "units": {name: unit for name, (unit, _) in access.SUMMARIES.items()},
        "subgroups": error_of(lambda: access.summary("subgroups", asked)),
    }


def py_equity(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    ranked = {"rank_by": "population", "poorest": "low", "unreached": 240.0}
    return {
        "gini": access.gini(w.minutes, w.people, unreached=240),
        "palma": access.palma_ratio(w.minutes, w.people, **ranked),
        "concentration": access.concentration_index(w.minutes, w.people, **ranked),
        "erreygers": access.erreygers_index(w.minutes, w.people, **ranked, bounds=(0, 240)),
        "lorenz": access.lorenz_curve(w.minutes, w.people, unreached=240),
        "theil": access.theil(w.minutes, w.people, unreached=240),
        "theil_by_group": access.theil_by_group(w.minutes, w.people, by=["rurality"], unreached=240),
        "error": error_of(lambda: access.gini(w.minutes * math.nan, w.people)),
    }


def py_poverty(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ect", "MT")
    supply = access.supply_within(w.trips, w.supply, max_minutes=120)
    return {
        "access": access.access_poverty(supply, w.people, line=2.0, by=["county"]),
        "minutes": access.minutes_poverty(w.minutes, w.people, limit_minutes=60, max_minutes=240, by=["rurality"]),
        "excess": access.minutes_excess(w.minutes, w.people, limit_minutes=60, by=["rurality"]),
    }


def py_payers(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    bounds = access.payer_bounds(w.trips, w.services, "medicaid", treatments=["tms"])
    return {
        "bounds": bounds,
        "shares": access.payer_shares_beyond(bounds, w.people, [30, 60], by=["rurality"]),
        "treatment": access.nearest_treatment(w.trips, w.services, ["tms", "ect"]),
        "error": error_of(lambda: access.payer_bounds(w.trips, w.services, "cats")),
    }


def py_course(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ketamine_iv", "MT")
    of = {name: access.regimen_of(name) for name in ("ketamine_iv", "esketamine", "tms", "ect")}
    miles = w.km / 1.609344
    return {
        "regimens": access.regimens_table(),
        "defaults": of,
        "named": access.regimen_of("ect", "middle"),
        "changed": access.course_burden(
            w.minutes, miles, dataclasses.replace(of["ect"], sessions=12), usd_per_mile=0.3
        ),
        **{f"burden_{name}": access.course_burden(w.minutes, miles, regimen) for name, regimen in of.items()},
        "by_trip": access.course_by_trip(w.trips, of["ketamine_iv"]),
        "lightest": access.lightest_course(w.trips, w.services),
        "weeks": {name: access.visits_by_week(regimen) for name, regimen in of.items()},
        "days": {name: access.visit_days(access.visits_by_week(one), (0, 2, 4)) for name, one in of.items()},
        "error": error_of(lambda: access.regimen_of("leeches")),
        "type": isinstance(of["ect"], access.Regimen),
    }


def py_supply_and_demand(access: Access, pack: Any) -> Results:
    people = access.people_of(pack.people, "MT")
    kinds = ("adults", "trd_low", "trd_central")
    return {
        "demand": access.demand_of(people),
        **{f"demand_{kind}": access.demand_of(people, kind, adult_share=0.78) for kind in kinds},
        **{f"supply_{unit}": access.supply_of(pack.services, ["tms", "ect"], unit=unit) for unit in ("clinics", None)},
        "supply_courses": access.supply_of(pack.services, ["tms", "ect"], unit="courses", assumed_courses=4.0),
        "error": error_of(lambda: access.demand_of(people, "adults")),
    }


def py_uptake(access: Access, pack: Any) -> Results:
    w = world(access, pack, "esketamine", "MT")
    miles = w.km / 1.609344
    patients = access.expected_patients(access.demand_of(w.people, "adults", adult_share=0.78))
    lost = access.starts_lost(miles, patients, start_rate=0.2)
    return {
        "patients": patients,
        "relative": access.relative_starts(miles),
        "smooth": access.relative_starts(miles, form="smooth"),
        "lost": lost,
        "lost_smooth": access.starts_lost(miles, patients, form="smooth"),
        "by_group": access.starts_lost_by_group(lost, w.people, by=["rurality"]),
    }


def py_adequacy(access: Access, pack: Any) -> Results:
    w = world(access, pack)
    land = access.estimated_land_km2(w.people)
    types = access.county_types(w.people, land)
    ours = access.standard({"any": {"max_minutes": 45, "max_miles": 40, "rule": "either", "min_share": 0.9}})
    return {
        "land": land,
        "land_read": access.read_land(Path("in/land.csv")),
        "types": types,
        "standard": ours,
        "standard_read": access.read_standard(Path("in/standard.csv")),
        "standard_error": error_of(lambda: access.read_standard(Path("in/bad_standard.csv"))),
        "adequacy": access.adequacy_by_county(w.trips, w.people, ours),
        "adequacy_by_type": access.adequacy_by_county(
            w.trips, w.people, access.read_standard(Path("in/standard.csv")), county_type=types, demand=w.demand
        ),
    }


def py_uncertainty(access: Access, pack: Any) -> Results:
    w = world(access, pack, "tms", "MT")
    sources = access.Sources(listing_works=0.6, travel_factor=(0.9, 1.1), origin_error_minutes=None)
    found = access.gap_interval(w.trips, w.people, [30, 60], seed=1, draws=400)
    other = access.gap_interval(w.trips, w.people, [60], seed=2, draws=200, level=0.8, sources=sources)
    tables = {"shares": found.shares, "gaps": found.gaps, "other_shares": other.shares, "other_gaps": other.gaps}
    return {
        **tables,
        "counted": [found.sources, other.sources, found.sides, found.level, found.draws, found.seed],
        "widths": access.interval_widths(w.trips, w.people, [60], seed=3, draws=200),
        "statement": [access.gap_statement(found, limit, clinic="a TMS clinic") for limit in (30, 60)],
        "supported": [access.is_supported(found, limit) for limit in (30, 60)],
        "error": error_of(lambda: access.gap_interval(w.trips, w.people, [239], seed=1)),
    }


def py_confidence(access: Access, pack: Any) -> Results:
    rule = access.ListingRule(fresh=0.9, undated=0.6, oldest_days=1000)
    sure = access.confidence(pack.services, TODAY)
    return {
        "confidence": sure,
        "by_rule": access.confidence(pack.services, TODAY, rule=rule),
        "by_clinic": access.chance_by_clinic(sure, ["tms", "ect"]),
    }


def py_areas(access: Access, pack: Any) -> Results:
    people = access.people_of(pack.people, "MT")
    polygons = access.read_polygons("in/areas.geojson")
    hexagons = access.hexagons_of(people)
    areas = access.areas_of(people, polygons)
    return {
        "polygons": polygons,
        "areas": areas,
        "notes": access.area_notes(people, polygons),
        "population": access.population_by(people.assign(area=areas), ["area", "rurality"]),
        "hexagons": hexagons,
        "fine_hexagons": access.hexagons_of(people, 7),
        "shapes": access.hexagon_shapes(sorted(set(hexagons))[:200]),
        "errors": [
            error_of(lambda file=file: access.read_polygons(file)) for file in ("in/broken.geojson", "in/none.shp")
        ],
    }


def py_area_reached(access: Access, pack: Any) -> Results:
    outlines = importlib.import_module(OUTLINES).load_outlines()[0]
    clinics = pack.clinics[pack.clinics["clinic_id"].isin(["st-mt-001", "st-mt-004"])]
    way = access.way_of(pack)
    area = access.hexagons_within(clinics, way, pack.people, outlines, minutes=(30, 90), most=5000)
    facts = {name: getattr(area, name) for name in ("limits", "resolution", "looked_at", "off_land", "roadless")}
    return {
        "cells": area.cells,
        "facts": facts,
        "people": access.people_within(area, pack.people, way),
        "type": isinstance(area, access.ReachedArea),
    }


def py_care(access: Access, pack: Any) -> Results:
    wish = access.Wish(treatments=("tms", "ect"), payer="medicaid", has_car=False, budget_usd=5000.0, usd_per_mile=0.4)
    plain = access.care_choices(pack, 39.96, -82.99)
    return {
        "near": access.care_near(pack, 39.96, -82.99, treatments=["tms"], payer="medicaid", max_minutes=90),
        "near_nothing": access.care_near(pack, 51.88, -176.65, treatments=["ect"]),
        "choices": plain,
        "choices_by_wish": access.care_choices(pack, 45.68, -111.04, wish),
        "tradeoffs": access.best_tradeoffs(plain),
    }


def py_views(access: Access, pack: Any) -> Results:
    everyone = access.people_of(pack.people, "MT")
    trips = world(access, pack, "esketamine", "MT").trips
    views = {
        **{show: access.View(("esketamine",), show=show) for show in ("share", "beyond", "median", "course",
           "starts_lost", "two_step", "enhanced_two_step", "modified_two_step", "three_step")},
        "miles": access.View(("esketamine",), "medicare", "share", "miles", 2, 50.0, "trd_low", False),
        "no_car": access.View(("esketamine",), show="course", has_car=False, demand="adults"),
    }  # fmt: skip
    found = {}
    for name, view in views.items():
        values = access.place_values(access.view_trips(trips, pack.services, view), everyone, pack.services, view)
        people = access.view_people(everyone, view.demand)
        found[f"{name}_places"] = values
        found[f"{name}_counties"] = access.area_values(values, people, view, "county")
    return found


def py_ranks(access: Access, pack: Any) -> Results:
    w = world(access, pack, "tms", "OH")
    return {"counties": access.ranks(w.trips, w.people, 60, "county", draws=200)}


def py_ranks_of_states(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ect", None)
    return {"states": access.ranks(w.trips, w.people, 60, "state", draws=100, seed=2)}


def py_edits(access: Access, pack: Any) -> Results:
    stop = access.Stop(latitude=48.55, longitude=-109.68, days=("mon", "tue", "wed"))
    edits = (
        access.OpenClinic(clinic_id="new", name="New", latitude=46.41, longitude=-105.84, treatments=("ect",)),
        access.CloseClinic(clinic_id="st-mt-005"),
        access.MoveClinic(clinic_id="st-mt-003", latitude=47.5, longitude=-111.3),
        access.AddTreatment(clinic_id="st-mt-003", treatment="ect", payers=("va",)),
        access.DropTreatment(clinic_id="st-mt-002", treatment="tms"),
        access.CertifyRems(clinic_id="st-mt-004", cost_usd=1000),
        access.AcceptPayer(clinic_id="st-mt-001", payer="va"),
        access.ChangeCapacity(clinic_id="st-mt-001", treatment="esketamine", capacity_per_week=10),
        access.ChangeHours(clinic_id="st-mt-001", hours_per_week=20, instead_of=40),
        access.PartWeek(clinic_id="st-mt-002", days=("mon", "wed")),
        access.MobileSite(clinic_id="bus", name="Bus", treatments=("ect",), stops=(stop,), capacity_per_week=8),
        access.RideProgramme(name="Rides", treatments=("ect",), max_minutes=45),
    )
    plan = access.Scenario(name="By hand", note="twelve", edits=edits)
    applied = access.apply_scenario(plan, pack.clinics, pack.services)
    clinics, services = getattr(applied, "tables", applied)
    return {
        "text": access.scenario_text(plan).splitlines(),
        "clinics": clinics[clinics["state"].isin(["MT", ""])],
        "services": services[~services["clinic_id"].isin(pack.services["clinic_id"])],
        "all_services": services,
        "settled": twelve(access),
        "errors": [
            error_of(lambda: access.CloseClinic(clinic_id="")),
            error_of(lambda: access.read_scenario(Path("in/broken.yaml"))),
            error_of(lambda: access.apply_scenario(access.Scenario(edits=edits[1:2] * 2), pack.clinics, pack.services)),
        ],
    }


def py_what_if(access: Access, pack: Any) -> Results:
    base, plan = standing(access, pack), twelve(access)
    found = access.outcome(base, plan)
    closing = access.outcome(base, access.read_scenario(Path("in/closing.yaml")))
    return {
        "minutes": access.what_if(base, plan, 60),
        "km": access.what_if(base, plan, 100, unit="km"),
        "before": found.before,
        "after": found.after,
        "before_and_after": access.before_and_after(
            found.before["minutes"], found.after["minutes"], base.people, 60, by=["county"]
        ),
        "by_limit": access.people_by_limit(base, found),
        "by_county": access.people_by_limit(base, found, "county", [60]),
        "by_payer": access.people_by_payer(base, found),
        "counties": access.county_changes(base, found, 60),
        "starts": access.starts_around(base, found),
        "side_by_side": access.side_by_side(base, [found, closing], 60),
    }


def py_load(access: Access, pack: Any) -> Results:
    base = standing(access, pack, "tms", "OH")
    closing = access.Scenario(edits=(access.CloseClinic(clinic_id="st-oh-001"),))
    found = access.outcome(base, closing)
    load = access.load_by_clinic(found.before["clinic_id"], found.after["clinic_id"], base.people)
    regimen = access.regimen_of("tms")
    return {
        "load": load,
        "capacity": access.with_capacity(load, found.services, regimen, adult_share=0.78, starting=0.05),
        "criticality": access.criticality(base.trips, base.people, 60),
    }


def py_openings(access: Access, pack: Any) -> Results:
    w = world(access, pack, "ect", "MT")
    towns = access.load_gazetteer().towns
    return {"openings": access.best_openings(w.minutes, w.people, towns[towns["state"] == "MT"], 60, most=8)}


def py_siting_candidates(access: Access, pack: Any) -> Results:
    base, towns = standing(access, pack), access.load_gazetteer().towns
    return {
        "towns": access.town_candidates(towns, state="MT", most=50, cost_usd=2e5),
        "clinics": access.clinic_candidates(pack.clinics, pack.services, "esketamine", state="OH"),
        "own": access.read_candidates(Path("in/candidates.csv"), cost_usd=1e5),
        "named": access.candidates_named(base, "clinics", site_cost_usd=5e4),
        "error": error_of(lambda: access.candidates_named(base, "clinics", most=5)),
    }


def py_siting(access: Access, pack: Any) -> Results:
    base = standing(access, pack)
    ground = access.ground_of(base, access.candidates_named(base, state="MT", most=120))
    found = {}
    for name in access.OBJECTIVES:
        size = {"where_possible": True} if name == "everyone" else {"count": 3}
        adults = {"adult_share": 0.78} if name in ("patients", "starts") else {}
        answer = access.where_next(base, access.Question(name, seconds=250.0, **size, **adults), ground)
        found[name] = {field: value for field, value in vars(answer).items() if field not in ("seconds", "question")}
    first = access.best_sites(access.Question("people", count=2, apart_km=100.0), ground)
    counts = access.frontier(access.Question("people", count=4), ground, counts=[1, 2, 4])
    steady = access.stability(first, ground, draws=15)
    return {
        **found,
        "objectives": access.OBJECTIVES,
        "sites": first.sites,
        "scenario": access.scenario_of(first, "esketamine", "Ours"),
        "frontier": counts.drop(columns="seconds", errors="ignore"),
        "stability": vars(steady),
        "types": [
            isinstance(*pair) for pair in ((first, access.Siting), (ground, access.Ground), (steady, access.Stability))
        ],
        "error": error_of(lambda: access.Question("people")),
    }


def scattered(count: int, seed: int = 1) -> Any:
    """So many points between the two oceans, the same each time."""
    numpy, pandas = importlib.import_module("numpy"), importlib.import_module("pandas")
    luck = numpy.random.default_rng(seed)
    return pandas.DataFrame({"latitude": luck.uniform(30, 47, count), "longitude": luck.uniform(-120, -75, count)})


def py_points_by_the_million(access: Access, pack: Any) -> Results:
    points, landmarks = scattered(1_200_000), access.origins_of(pack.people)
    clinics = pack.clinics
    blocks = (points.iloc[at : at + 400_000] for at in range(0, len(points), 400_000))
    nearest = list(access.nearest_of_points(blocks, clinics, landmarks=landmarks, chunk=300_000))
    counts = access.count_within_points(
        points.head(200_000), clinics, landmarks=landmarks, max_minutes=60, chunk=70_000
    )
    return {
        "blocks": [len(part) for part in nearest],
        "hashes": [[hash_of(part[column].to_numpy().tobytes()) for column in part] for part in nearest],
        "described": [part.describe() for part in nearest],
        "first": nearest[0].head(3000),
        "counts": counts.head(3000),
        "counts_hash": hash_of(counts["clinics"].to_numpy().tobytes()),
    }


def py_points_as_trips(access: Access, pack: Any) -> Results:
    people = access.people_of(pack.people, "ME")
    asked = people[["latitude", "longitude", "county", "rurality"]]
    landmarks = access.origins_of(pack.people)
    return {"nearest": access.nearest_of_points(asked, pack.clinics, landmarks=landmarks, max_minutes=120)}


def py_grid(access: Access, pack: Any) -> Results:  # noqa: ARG001
    return {
        "points": list(access.points_of_raster("in/grid.tif", window_rows=7)),
        "error": error_of(lambda: list(access.points_of_raster("in/broken.tif"))),
    }


def py_shares(access: Access, pack: Any) -> Results:
    numpy, pandas = importlib.import_module("numpy"), importlib.import_module("pandas")
    w = world(access, pack, "tms", "MT")
    luck = numpy.random.default_rng(5)
    known = w.people["geoid"].iloc[:-3]
    shares = pandas.DataFrame(
        {
            "geoid": known,
            "share_poverty": luck.uniform(0, 0.5, len(known)),
            "moe_poverty": luck.uniform(0, 0.1, len(known)),
        }
    )
    people = access.with_shares(w.people, shares)
    return {
        "people": people,
        "subgroups": access.subgroup_beyond(w.minutes, people, [30, 60], ["share_poverty"], by=["rurality"]),
        "gini_of_share": access.gini(
            w.minutes, people.dropna(subset="share_poverty"), unreached=240, share="share_poverty"
        ),
    }


def py_survey(access: Access, pack: Any) -> Results:
    survey = access.Survey(2024, tables=[Path("in/acsdt5y2024-b17021.dat"), Path("in/acsdt5y2024-b21001.dat")])
    if pack.name == STARTER:
        return {"error": error_of(lambda: access.add_shares(pack.name, survey, state="RI"))}
    people = access.add_shares(pack.name, survey, state="RI").people
    return {"people": people[people["state"] == "RI"], "notes": access.load_pack(pack.name).manifest.notes}


def py_own_list(access: Access, pack: Any) -> Results:
    brought = {
        name: access.read_own_list(Path(f"in/{name}"), today=TODAY)
        for name in ("own.csv", "own_bad.csv", "own.xlsx", "own.geojson")
    }
    made = access.import_clinics(brought["own.csv"], pack, "mine")
    return {
        **brought,
        "made": made.clinics,
        "made_services": made.services.tail(40),
        "notes": made.manifest.notes,
        "alone": access.import_clinics(brought["own.xlsx"], pack, "alone", alone=True).clinics,
        "refused": error_of(lambda: access.import_clinics(brought["own_bad.csv"], pack, "bad")),
        "error": error_of(lambda: access.read_own_list(Path("in/nothing.csv"), today=TODAY)),
        "type": isinstance(brought["own.csv"], access.OwnList),
    }


def py_roads(access: Access, pack: Any) -> Results:
    built = access.build_network(["in/roads.osm"], name="maine")
    engine = access.open_network("maine")
    people = access.people_of(pack.people, "ME")
    clinics = pack.clinics[pack.clinics["state"].isin(["ME", "NH"])].reset_index(drop=True)
    trips, snaps = access.road_trips(people, clinics, engine, max_minutes=120)
    on_roads = dataclasses.replace(pack, roads="maine")
    mixed = access.treatment_trips(
        people, pack.clinics, pack.services, ["ect"], way=access.way_of(on_roads), landmarks=pack.people
    )
    unlike = {"build_seconds", "size_bytes", "extracts", "built_on"}
    return {
        "network": built.model_dump(exclude=unlike) == access.load_network("maine").model_dump(exclude=unlike),
        "names": access.network_names(),
        "trips": trips.to_frame(),
        "snaps": snaps,
        "mixed": mixed.to_frame().assign(method=mixed.method_by_trip().astype(str)),
        "by_name": [
            name_of_finder(access.way_by("maine")),
            name_of_finder(access.way_by(None)),
            isinstance(access.way_by("maine"), access.ByRoad),
        ],
        "error": error_of(lambda: access.way_by("nowhere")),
    }


def py_national_of_tracts(access: Access, pack: Any) -> Results:
    pack = access.build_national(origin="tract", mirror="in/shared", folder=Path("built/us-2020"))
    return {"people": pack.people.head(5000), "clinics": pack.clinics, "notes": pack.manifest.notes}


ONLY_NATIONAL = ("py_national_of_tracts",)
PYTHON = {
    name.replace("_", "-"): (value, (NATIONAL,) if name in ONLY_NATIONAL else PACKS)
    for name, value in list(globals().items())
    if name.startswith("py_")
}

# ---------------------------------------------------------------------------------------------------------------------
# What the cases read: the files of `in/`, made anew for every record, and the same each time.
# ---------------------------------------------------------------------------------------------------------------------


def rectangle(name: str, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A GeoJSON feature with that name."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


def collection(features: Sequence[Mapping[str, Any]]) -> str:
    """A GeoJSON file of these features."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


TWELVE = """\
version: 1
name: All twelve
note: Every kind of edit
edits:
- {action: open, clinic_id: miles, name: Miles City, town: "Miles City, MT", treatments: [esketamine],
   payers: [medicare], days: [mon, tue], capacity_per_week: 20, cost_usd: 250000}
- {action: close, clinic_id: st-mt-005}
- {action: move, clinic_id: st-mt-003, town: "Great Falls, MT"}
- {action: add, clinic_id: st-mt-003, treatment: ect, payers: [va]}
- {action: drop, clinic_id: st-mt-002, treatment: tms}
- {action: certify, clinic_id: st-mt-004, cost_usd: 10000}
- {action: accept, clinic_id: st-mt-004, payer: medicaid, treatment: esketamine}
- {action: capacity, clinic_id: st-mt-001, treatment: esketamine, capacity_per_week: 12}
- {action: hours, clinic_id: st-mt-001, hours_per_week: 20, instead_of: 40}
- {action: part_week, clinic_id: st-mt-002, days: [mon, wed]}
- action: mobile
  clinic_id: bus
  name: Bus
  treatments: [esketamine]
  capacity_per_week: 15
  stops: [{town: "Havre, MT", days: [mon, tue]}, {town: "Glendive, MT", days: [thu, fri]}]
- {action: ride, name: Rides home, treatments: [esketamine], max_minutes: 90}
"""
TWO = """\
version: 1
name: Two sites for eastern Montana
edits:
- {action: open, clinic_id: miles, name: Miles City, town: "Miles City, MT",
   treatments: [esketamine, ect], cost_usd: 250000}
- {action: certify, clinic_id: st-mt-004, cost_usd: 5000}
"""
CLOSING = """\
version: 1
name: Closing
note: One gone in Maine and one in Montana
edits:
- {action: close, clinic_id: st-me-001}
- {action: close, clinic_id: st-mt-002}
"""
HPSA = """\
HPSA ID,HPSA Status,Designation Type,HPSA Score,State and County Federal Information Processing Standard Code
1,Designated,Geographic HPSA,17,30111
1,Designated,Geographic HPSA,17,30111
2,Designated,HPSA Population,12,30031
3,Withdrawn,Geographic HPSA,9,30049
4,Designated,Federally Qualified Health Center,20,30063
5,Designated,High Needs Geographic HPSA,,30029
"""
OWN = "\n".join([
    "clinic_id,name,street,city,state,zip,phone,website,treatments,setting,payers,price_usd,price_note,seen_date,latitude,"
    "longitude,color",
    'own-alpha,Alpha,1 Main St,Bozeman,Montana,59718-1234,4065550100,alpha.example.org,Spravato; TMS,private_clinic,'
    '"Medicare, Medicaid",300,one TMS session,2026-05,45.6793,-111.0373,red',
    ",Beta,,Havre,MT,,,,ect,hospital,,,,,,,blue",
    ",Northern Light Acadia Hospital,268 Stillwater Ave,Bangor,ME,4401,,,ECT,hospital,va,,,,,,",
    "",
])  # fmt: skip
OWN_BAD = """\
name,city,state,zip,treatments,price_usd,latitude,longitude
Alpha,Bozeman,MT,59718,tms,300,45.68,-111.04
Beta,Bozeman,MT,59718,leeches,,,
=1+1,Bozeman,MT,59718,,,,
Gamma,Bozeman,MT,59718,tms,cheap,-111.04,45.68
Delta,Nowhere,ZZ,,ketamine,,,
"""
STANDARD = """\
county_type,max_minutes,max_miles,rule,min_clinics,min_share
large_metro,20,10,both,2,0.9
metro,40,25,both,1,0.9
micro,60,45,either,1,0.85
rural,75,60,both,1,0.85
ceac,110,100,both,1,
"""
CANDIDATES = """\
name,latitude,longitude,state,cost_usd,capacity
Miles City,46.41,-105.84,MT,250000,9000
Havre,48.55,-109.68,MT,180000,8000
Glendive,47.11,-104.71,MT,,5000
Great Falls,47.5,-111.3,MT,400000,
Helena,46.59,-112.02,MT,300000,40000
Lewistown,47.06,-109.43,MT,90000,6000
"""
REPORTS = [
    {"clinic_id": "st-me-001", "date": "2026-11-20", "text": "I rang", "kind": "phone", "detail": "207-555-0101"},
    {"clinic_id": "st-mt-002", "date": "2026-11-21", "text": "Their page", "kind": "not_offered", "detail": "tms"},
    {"clinic_id": "st-mt-004", "date": "2026-11-22", "text": "The hours are wrong", "kind": "other", "who": "Eve"},
    {"clinic_id": "st-me-002", "date": "2026-11-23", "text": "Letter", "kind": "moved",
     "detail": "5 Elm St, Portland, ME 04101"},
]  # fmt: skip


def grid_points() -> str:
    """A CSV of points with people, over Montana, Maine and the sea."""
    rows = ["latitude,longitude,population,label"]
    rows += [f"{45 + i * 0.09:.4f},{-115 + i * 0.31:.4f},{(i * 37) % 500},mt{i}" for i in range(40)]
    rows += [f"{43.3 + i * 0.1:.4f},{-70.8 + (i % 9) * 0.25:.4f},{(i * 53) % 900}.5,me{i}" for i in range(40)]
    return "\n".join([*rows, "40.0,-60.0,5,sea", ""])


def texts() -> dict[str, str]:
    """The files of text by name."""
    west, east = rectangle("West", -116.1, 44.3, -110, 49.1), rectangle("East", -110.5, 44.9, -104, 49.1)
    spot = {"type": "Point", "coordinates": [-111.04, 45.68]}
    clinic = {"name": "Drawn", "city": "Bozeman", "state": "MT", "treatments": "tms|ect", "phone": "406-555-0111"}
    return {
        "areas.geojson": collection([west, east]),
        "broken.geojson": '{"type": "FeatureCollection", "features": [{"type": "Fea',
        "hpsa.csv": HPSA,
        "standard.csv": STANDARD,
        "bad_standard.csv": "county_type,max_minuts\nany,30\n",
        "candidates.csv": CANDIDATES,
        "points.csv": grid_points(),
        "swapped.csv": "latitude,longitude,population\n-111.04,45.68,10\n",
        "unpeopled.csv": "latitude,longitude,population\n45.68,-111.04,many\n",
        "broken.tif": "no picture",
        "broken.xlsx": "no workbook",
        "own.csv": OWN,
        "own_bad.csv": OWN_BAD,
        "own.geojson": collection([{"type": "Feature", "properties": clinic, "geometry": spot}]),
        "twelve.yaml": TWELVE,
        "two.yaml": TWO,
        "closing.yaml": CLOSING,
        "broken.yaml": "version: 1\nedits:\n- {action: explode, clinic_id: x}\n",
        "unknown.yaml": "version: 1\nname: x\nedits:\n- {action: close, clinic_id: nobody}\n",
        "contradiction.yaml": CLOSING + "- {action: add, clinic_id: st-me-001, treatment: tms}\n",
        "reports.jsonl": "".join(json.dumps(report) + "\n" for report in REPORTS),
        "roads.osm": roads(),
        "few_roads.osm": roads(rows=12, columns=12),
    }


def roads(rows: int = 21, columns: int = 29, step: float = 0.05) -> str:
    """Roads over southern Maine as OpenStreetMap writes them: a comb, so that only one way leads from here to there."""
    south, west = 43.2, -71.0
    nodes = [
        f'<node id="{row * columns + column + 1}" version="1" lat="{south + row * step:.4f}" '
        f'lon="{west + column * step:.4f}"/>'
        for row in range(rows)
        for column in range(columns)
    ]
    lines = [[row * columns + column + 1 for row in range(rows)] for column in (columns // 2,)]
    lines += [[row * columns + column + 1 for column in range(columns)] for row in range(rows)]
    ways = []
    for number, line in enumerate(lines):
        kind = "trunk" if number == 0 else "secondary" if number % 2 else "residential"
        refs = "".join(f'<nd ref="{node}"/>' for node in line)
        ways.append(f'<way id="{number + 1}" version="1">{refs}<tag k="highway" v="{kind}"/></way>')
    return "\n".join(['<osm version="0.6" generator="by hand">', *nodes, *ways, "</osm>", ""])


def workbook(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """The parts of an XLSX file of one sheet."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>" for row in rows
    )
    main, rels = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org"
    kind = f"{rels}/officeDocument/2006/relationships"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{rels}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{sheet}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets>'
        '<sheet name="Clinics" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }


RUCA = "www.ers.usda.gov"


def write_inputs(folder: Path) -> None:
    """The files that need no library."""
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")
    rows = [["Name", "City", "State", "ZIP", "Treatments", "Phone"]]
    rows += [["Sheet Clinic", "Bozeman", "MT", "59718", "rTMS, Spravato", "406-555-0122"]]
    with zipfile.ZipFile(folder / "own.xlsx", "w") as file:
        for name, part in workbook(rows).items():
            file.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{part}')
    (folder / "mirror").mkdir()
    if (SHARED / "mirror").is_dir():
        (folder / "shared").symlink_to(SHARED / "mirror")
        (folder / "mirror" / RUCA).symlink_to(SHARED / "mirror" / RUCA)  # which OpenTimes needs for Connecticut


def write_inputs_of_library(access: Access, pack: Any, folder: Path) -> None:
    """The files that need the library, or the places of a pack."""
    land = access.estimated_land_km2(pack.people) * 0.97
    rows = [f"{county},{km2:.3f}" for county, km2 in land.items()]
    (folder / "land.csv").write_text("\n".join(["county,land_km2", *rows, ""]))
    write_grid(folder / "grid.tif")
    people = access.people_of(pack.people, "RI")
    write_survey(folder, people["geoid"].tolist(), "b17021", "002", 0.11)
    write_survey(folder, people["geoid"].tolist(), "b21001", "002", 0.07)
    if pack.name == NATIONAL:
        write_opentimes(folder / "mirror", people)


def write_grid(path: Path) -> None:
    """A population grid over western Montana as a GeoTIFF; none where rasterio is not installed."""
    try:
        numpy, rasterio = importlib.import_module("numpy"), importlib.import_module("rasterio")
    except ImportError:
        return
    people = (numpy.arange(20 * 30).reshape(20, 30) * 7 % 90).astype("float32")
    people[:3] = -1
    about = {"driver": "GTiff", "height": 20, "width": 30, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    transform = importlib.import_module("rasterio.transform").from_origin(-114, 47.5, 0.1, 0.1)
    with rasterio.open(path, "w", **about, transform=transform, nodata=-1) as file:
        file.write(people, 1)


def write_survey(folder: Path, geoids: Sequence[str], table: str, cell: str, share: float) -> None:
    """A summary file of the American Community Survey for these block groups, made up."""
    name = table.upper()
    lines = ["|".join(["GEO_ID", *(f"{name}_{kind}{number}" for number in ("001", cell) for kind in "EM")])]
    for place, geoid in enumerate(geoids):
        whole = 400 + place * 31 % 900
        part = int(whole * share * (1 + place % 5) / 3)
        lines.append(f"1500000US{geoid}|{whole}|{30 + place % 9}|{part}|{5 + place % 7}")
    (folder / f"acsdt5y2024-{table}.dat").write_text("\n".join([*lines, ""]))


def write_opentimes(mirror: Path, people: Any) -> None:
    """Seconds between all tracts of a state, made up, where a mirror of OpenTimes has them."""
    pandas = importlib.import_module("pandas")
    tracts = people.assign(tract=people["geoid"].str[:11]).groupby("tract")[["latitude", "longitude"]].mean()
    pairs = tracts.reset_index().merge(tracts.reset_index(), how="cross")
    north = (pairs["latitude_x"] - pairs["latitude_y"]) * 111.2
    east = (pairs["longitude_x"] - pairs["longitude_y"]) * 111.2 * math.cos(math.radians(41.6))
    seconds = ((north**2 + east**2) ** 0.5 * 85 + 90).round(1)
    table = pandas.DataFrame(
        {"origin_id": pairs["tract_x"], "destination_id": pairs["tract_y"], "duration_sec": seconds}
    )
    place = "data.opentimes.org/times/version=0.0.1/mode=car/year=2024/geography=tract/state=44"
    (mirror / place).mkdir(parents=True)
    table[pairs["tract_x"] != pairs["tract_y"]].to_parquet(mirror / place / "times-0.0.1-car-2024-tract-44-0.parquet")


# ---------------------------------------------------------------------------------------------------------------------
# One case: run in a process of its own, in folders of its own.
# ---------------------------------------------------------------------------------------------------------------------

VARYING = {
    # Moments of saving.
    re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?UTC|\+00:00|Z)"): "<moment>",
    # How long something took; and how large OSRM made a network, which is not the same twice.
    re.compile(r'("build_seconds": )[\d.e-]+(,\s*"size_bytes": )\d+'): r"\1<seconds>\2<bytes>",
    re.compile(r'("seconds": )[\d.e-]+'): r"\1<seconds>",
    re.compile(r"\b([\d.]+ MB, )?in [\d.]+ s\b"): "in <seconds> s",
    re.compile(r'("MB": )"[\d.]+"'): r"\1<MB>",
    re.compile(r"\b\d+\.\d(?=(,| │ )\d{4}-\d\d-\d\d)"): "<MB>",
}
VARYING_IN_PDF = re.compile(
    rb"/(ModDate|CreationDate)\(.*?\)|<xmp:(Modify|Create)Date>.*?<|<xmpMM:(Instance|Document)ID>.*?<|/ID\[.*?\]"
)
PROGRESS = "━"  # what bars are drawn with


def normalized(text: str, folder: Path) -> str:
    """The text without what varies from run to run: the folder of the case, `VARYING`, and progress bars."""
    text = text.replace(str(folder), "<folder>")
    for pattern, instead in VARYING.items():
        text = pattern.sub(instead, text)
    if PROGRESS not in text:
        return text
    return "".join(line for line in text.splitlines(keepends=True) if not is_progress(line))


def is_progress(line: str) -> bool:
    """Whether a line is a progress bar, and not the rule of a table."""
    return PROGRESS in line and re.search(r"\w", line) is not None


def hash_of(content: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


@dataclasses.dataclass(frozen=True)
class Room:
    """Where one case runs: `folder` holds its home, its data and where it works; `out` is what is kept of it."""

    folder: Path
    out: Path

    @property
    def work(self) -> Path:
        """Where the case works."""
        return self.folder / "work"

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    def keep(self, name: str, text: str) -> None:
        """A text, evened out, in the record."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(normalized(text, self.folder), encoding="utf-8")


def furnished(folder: Path, out: Path, pack: str, pristine: Path, inputs: Path) -> Room:
    """An empty room, with the pack in its data folder and the files to read in `in`."""
    shutil.rmtree(folder, ignore_errors=True)
    room = Room(folder, out)
    room.work.mkdir(parents=True)
    room.data.mkdir()
    if pack != STARTER:
        shutil.copytree(pristine / pack, room.data / pack)
    shutil.copy(inputs / "reports.jsonl", room.data / "corrections.jsonl")
    (room.work / "in").symlink_to(inputs)
    return room


def environment(folder: Path, scratch: Path) -> dict[str, str]:
    """The variables of a case: none of the user's own but where programs are found."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "TRD_ACCESS_DATA": str(folder / "data"),
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
        "COLUMNS": "120",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONUTF8": "1",
    }


def forked(action: Callable[[], int], out: Path, err: Path) -> int | str:
    """What a child process does with its output in files: its exit code, or "timeout"."""
    # The threads that a library has begun (OpenBLAS's) wait for work, and stand a fork.
    warnings.filterwarnings("ignore", message=".*multi-threaded.*")
    child = os.fork()
    if child:
        return waited(child)
    code = 70
    try:
        os.setsid()
        redirected(out, err)
        code = action()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def redirected(out: Path, err: Path) -> None:
    """Stdout and stderr go to files from here on, and nothing is read from stdin."""
    for number, path, flags in (
        (0, Path(os.devnull), os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(path, flags, 0o600), number)


def waited(child: int) -> int | str:
    """The exit code of a child; it is killed where it takes too long."""
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def exit_code(run: Callable[[], object]) -> int:
    """The exit code that a program's end is to a shell; an error that nobody caught is told as Python tells it."""
    try:
        run()
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(end.code + "\n")
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter itself would
        traceback.print_exc()
        return 1
    return 0


def parted(line: str) -> tuple[dict[str, str], list[str]]:
    """The variables in front of a line, and its arguments."""
    words = shlex.split(line)
    settings: dict[str, str] = {}
    while words and re.match(r"[A-Z_]+=", words[0]):
        name, _, value = words.pop(0).partition("=")
        settings[name] = value
    return settings, words


def run_warm(command: Path, arguments: Sequence[str], variables: Mapping[str, str], work: Path) -> int:
    """The command's own script, in this process."""
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(work)
    sys.argv = [str(command), *arguments]
    return exit_code(lambda: runpy.run_path(str(command), run_name="__main__"))


def run_cold(command: Path, arguments: Sequence[str], variables: Mapping[str, str], work: Path) -> int:
    """The command as a shell starts it."""
    return subprocess.run([str(command), *arguments], env=dict(variables), cwd=work, check=False).returncode


def run_lines(lines: str, room: Room, command: Path, scratch: Path, *, is_cold: bool) -> list[Any]:
    """All calls of a case in turn; gives their exit codes."""
    codes = []
    start = run_cold if is_cold else run_warm
    for number, line in enumerate((line for line in lines.splitlines() if line.strip()), 1):
        settings, arguments = parted(line)
        variables = {**environment(room.folder, scratch), **settings}
        out, err = room.folder / "stdout", room.folder / "stderr"
        code = forked(lambda a=arguments, v=variables: start(command, a, v, room.work), out, err)
        codes.append({"call": line.strip(), "exit": code})
        is_machine = bool({"--json", "--csv"} & set(arguments)) and code in (0, 3, 4)
        form = "json" if "--json" in arguments else "csv"
        room.keep(f"answers/{number:02}.{form}" if is_machine else f"words/{number:02}.out", text_of(out))
        room.keep(f"words/{number:02}.err", text_of(err))
    return codes


def text_of(path: Path) -> str:
    """A file's text, whatever its bytes."""
    return path.read_bytes().decode("utf-8", errors="replace")


# -- what a case leaves behind


def kept_files(room: Room, pristine: Path) -> None:
    """Every file that the case made or changed, as text where that says more than a hash."""
    for path in sorted(room.work.rglob("*")):
        if path.is_file() and "in" not in path.relative_to(room.work).parts and path.suffix != ".lock":
            keep_file(room, path, f"answers/files/{path.relative_to(room.work)}")
    for path in sorted(room.data.rglob("*")):
        name = path.relative_to(room.data)
        if path.is_file() and not is_passing(name) and not is_same(path, pristine / name):
            keep_file(room, path, f"answers/data/{name}")


def is_passing(name: Path) -> bool:
    """Whether a file of the data folder is a lock, a cache, a database, or OSRM's own."""
    return (
        name.suffix in (".lock", ".sqlite", ".sqlite-wal", ".sqlite-shm")
        or ".cache" in name.parts
        or (name.parts[0] == "roads" and name.name != "manifest.json")
    )


def is_same(path: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    return other.is_file() and path.read_bytes() == other.read_bytes()


def keep_file(room: Room, path: Path, name: str) -> None:
    """A file in the record: tables as CSV, archives part by part, text as it is, anything else by its hash."""
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".gpkg"):
        keep_value(room, name, table_in(path))
    elif suffix == ".zip":
        unpacked = room.folder / "unpacked" / path.name
        with zipfile.ZipFile(path) as archive:
            archive.extractall(unpacked)
        for part in sorted(unpacked.rglob("*")):
            if part.is_file():
                keep_file(room, part, f"{name}/{part.relative_to(unpacked)}")
    elif suffix in (".png", ".pdf", ".sqlite"):
        content = VARYING_IN_PDF.sub(b"", path.read_bytes()) if suffix == ".pdf" else path.read_bytes()
        room.keep(f"{name}.hash", "a database" if suffix == ".sqlite" else f"{len(content)} {hash_of(content)}")
    else:
        room.keep(name, text_of(path))


def table_in(path: Path) -> Any:
    """The table of a Parquet file or a GeoPackage, with its shapes as text."""
    geopandas, pandas = importlib.import_module("geopandas"), importlib.import_module("pandas")
    if path.suffix == ".gpkg":
        return geopandas.read_file(path)
    try:
        return geopandas.read_parquet(path)
    except ValueError:
        return pandas.read_parquet(path)


# -- what a Python call gives


def keep_value(room: Room, name: str, value: Any) -> None:
    """A result in the record, floats to the last bit: a table as CSV under its columns' types, the rest as JSON."""
    value = value.to_frame() if hasattr(value, "to_frame") and hasattr(value, "name") else value
    if hasattr(value, "to_csv") and hasattr(value, "columns"):
        room.keep(f"{name}.csv", table_text(value))
    elif isinstance(value, Mapping) and any(hasattr(part, "to_csv") for part in value.values()):
        for key, part in value.items():
            keep_value(room, f"{name}/{key}", part)
    elif isinstance(value, list | tuple) and any(hasattr(part, "to_csv") for part in value):
        keep_value(room, name, {f"{number:03}": part for number, part in enumerate(value)})
    elif dataclasses.is_dataclass(value) and any(hasattr(part, "to_csv") for part in vars(value).values()):
        keep_value(room, name, vars(value))
    else:
        room.keep(f"{name}.json", json.dumps(plain(value), indent=1, ensure_ascii=False) + "\n")


def table_text(table: Any) -> str:
    """A table as CSV, its index too, under a line with the type of each column."""
    plain_table = importlib.import_module("pandas").DataFrame(table)
    if "geometry" in plain_table:
        plain_table = plain_table.assign(geometry=table.geometry.to_wkt())
    kinds = " ".join(f"{column}:{kind}" for column, kind in table.dtypes.items())
    return f"# {table.index.dtype} {kinds}\n{plain_table.to_csv(lineterminator=chr(10))}"


def plain(value: Any) -> Any:
    """A value in the words of JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "to_csv"):
        return table_text(value.to_frame() if hasattr(value, "name") else value).splitlines()
    if hasattr(value, "_asdict"):
        return {name: plain(part) for name, part in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def run_python(name: str, pack: str, room: Room, scratch: Path) -> list[Any]:
    """A case in Python; gives its exit code."""

    def action() -> int:
        os.environ.clear()
        os.environ.update(environment(room.folder, scratch))
        os.chdir(room.work)
        return exit_code(lambda: keep_results(name, pack, room))

    out, err = room.folder / "stdout", room.folder / "stderr"
    code = forked(action, out, err)
    room.keep("words/01.out", text_of(out))
    room.keep("words/01.err", text_of(err))
    return [{"call": name, "exit": code}]


def keep_results(name: str, pack: str, room: Room) -> None:
    """What the function of a case gives, in the record."""
    access = Library()
    for key, value in PYTHON[name][0](access, access.load_pack(pack)).items():
        keep_value(room, f"answers/{key}", value)


# ---------------------------------------------------------------------------------------------------------------------
# A worker: one process that has loaded the library, and runs the cases that it is told on stdin.
# ---------------------------------------------------------------------------------------------------------------------


def cases(pack: str) -> dict[str, str | None]:
    """The cases of a pack in their order: their lines, or None for one in Python."""
    own = ON_STARTER if pack == STARTER else ON_NATIONAL
    lines: dict[str, str | None] = {**own, **EVERYWHERE}
    return {**{name: None for name, (_, packs) in PYTHON.items() if pack in packs}, **lines}


@dataclasses.dataclass(frozen=True)
class Bench:
    """What a worker works with: the command, the built packs, and a folder for what it needs meanwhile."""

    command: Path
    pristine: Path
    scratch: Path
    number: int

    @property
    def inputs(self) -> Path:
        """The files that cases read."""
        return self.scratch / "inputs"

    def answer(self, pack: str, case: str, out: Path) -> list[Any]:
        """Runs one case and keeps what it answers in a folder; gives the exit codes."""
        room = furnished(self.scratch / str(self.number), out, pack, self.pristine, self.inputs)
        lines = cases(pack)[case]
        if lines is None:
            codes = run_python(case, pack, room, self.scratch)
        else:
            codes = run_lines(lines, room, self.command, self.scratch, is_cold=case.startswith("shell-"))
        failed = forked(
            lambda: exit_code(lambda: kept_files(room, self.pristine)), room.folder / "o", room.folder / "e"
        )
        if failed:
            room.keep("words/files.err", text_of(room.folder / "e"))
            codes.append({"call": "keeping its files", "exit": failed})
        room.keep("answers/exit.json", json.dumps(codes, indent=1) + "\n")
        return [code["exit"] for code in codes]


def work(bench: Bench) -> None:
    """Answers each line of stdin with one of JSON, when the case that it names is in its folder."""
    for name in (LIBRARY, LIBRARY_COMMAND):
        importlib.import_module(name)
    if bench.number == 0:
        prepare(Library(), bench)
    warm_up()
    say({"ready": sys.modules[LIBRARY].__file__})
    for line in sys.stdin:
        begun = time.monotonic()
        pack, case, out = json.loads(line)
        codes = bench.answer(pack, case, Path(out))
        say({"seconds": round(time.monotonic() - begun, 2), "codes": codes})


def warm_up() -> None:
    """Numba's own tables are made once, and what is loaded is not copied by each child's garbage collection."""
    with contextlib.suppress(ImportError):
        importlib.import_module("numba").njit(lambda: 0)()
    gc.collect()
    gc.freeze()


def prepare(access: Access, bench: Bench) -> None:
    """The files of `in/`."""
    inputs = bench.inputs
    inputs.mkdir()
    write_inputs(inputs)
    pack = NATIONAL if (bench.pristine / NATIONAL).is_dir() else STARTER
    folder = furnished(bench.scratch / "preparing", bench.scratch, pack, bench.pristine, inputs).folder

    def action() -> int:
        os.environ.update(environment(folder, bench.scratch))
        return exit_code(lambda: write_inputs_of_library(access, access.load_pack(pack), inputs))

    code = forked(action, folder / "stdout", folder / "stderr")
    if code:
        sys.exit(f"The files to read could not be made: {text_of(folder / 'stderr')}")


def say(answer: Mapping[str, Any]) -> None:
    """A line of JSON for who asked."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


# ---------------------------------------------------------------------------------------------------------------------
# record
# ---------------------------------------------------------------------------------------------------------------------

MARK = "behavior.json"  # of a folder that is a record


def record(asked: argparse.Namespace) -> int:
    """Runs all cases that are asked for; 1: some could not be run to their end."""
    folder, pristine = asked.folder.resolve(), (asked.pristine or asked.folder.parent / "pristine").resolve()
    command, python = asked.command.absolute(), asked.python.absolute()
    packs = [pack for pack in asked.packs.split(",") if pack == STARTER or (pristine / pack).is_dir()]
    if lacking := set(asked.packs.split(",")) - set(packs):
        print(f"Left out, since {pristine} does not have it: {', '.join(sorted(lacking))}", file=sys.stderr)
    empty(folder)
    about = {"day": date.today().isoformat(), "packs": packs, "only": asked.only}  # noqa: DTZ011
    (folder / MARK).write_text(json.dumps(about) + "\n")
    chosen = [(pack, case) for pack in packs for case in cases(pack) if is_chosen(pack, case, asked.only)]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="trd-") as scratch:
        done = run_all(chosen, folder, [python, command, pristine, Path(scratch)])
    slowest = dict(sorted(done.seconds.items(), key=lambda one: -one[1])[:20])
    about |= {"library": done.library, "seconds": round(time.monotonic() - begun), "slowest": slowest}
    (folder / MARK).write_text(json.dumps(about, indent=1) + "\n")
    print(f"{len(done.seconds)} of {len(chosen)} cases in {about['seconds']} s, of {done.library}; {folder}")
    return int(len(done.seconds) < len(chosen))


def is_chosen(pack: str, case: str, only: str | None) -> bool:
    """Whether a pattern such as `gaps-*` or `starter/py-*` names the case; none: every one is."""
    return only is None or any(fnmatch.fnmatch(f"{pack}/{case}", f"*{part}*") for part in only.split(","))


def empty(folder: Path) -> None:
    """Makes the folder anew; one that is something else than a record is left alone."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        sys.exit(f"{folder} is not empty, and no record; name another folder.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


@dataclasses.dataclass
class Progress:
    """How far a record is: the cases that wait, the seconds of those that are done, where the library came from."""

    folder: Path
    waiting: "queue.SimpleQueue[tuple[str, str]]" = dataclasses.field(default_factory=queue.SimpleQueue)
    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    library: str = ""
    first_is_ready: threading.Event = dataclasses.field(default_factory=threading.Event)

    def keep_busy(self, number: int, setting: Sequence[Path]) -> None:
        """One worker from its start to its end; the first makes what all read."""
        if number:
            self.first_is_ready.wait()
        try:
            with worker(number, setting) as process:
                self.library = answer_of(process)["ready"]
                self.first_is_ready.set()
                for pack, case in until_empty(self.waiting):
                    self.ask(process, pack, case)
                process.stdin.close()
        finally:
            self.first_is_ready.set()

    def ask(self, process: Any, pack: str, case: str) -> None:
        """One case, told when it is done."""
        process.stdin.write(json.dumps([pack, case, str(self.folder / pack / case)]) + "\n")
        process.stdin.flush()
        answer = answer_of(process)
        self.seconds[f"{pack}/{case}"] = answer["seconds"]
        print(f"{answer['seconds']:7.2f} s {pack}/{case} {answer['codes']}", flush=True)


def run_all(chosen: Sequence[tuple[str, str]], folder: Path, setting: Sequence[Path]) -> Progress:
    """Every case by the workers."""
    progress = Progress(folder)
    for one in chosen:
        progress.waiting.put(one)
    threads = [threading.Thread(target=progress.keep_busy, args=(number, setting)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return progress


def worker(number: int, setting: Sequence[Path]) -> Any:
    """A worker's process, which knows nothing of the user's settings."""
    python, command, pristine, scratch = setting
    call = [python, "-P", Path(__file__).resolve(), "work", command, pristine, scratch, str(number)]
    variables = environment(scratch, scratch)
    return subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables, cwd=scratch)


def answer_of(process: Any) -> dict[str, Any]:
    """The next line that a worker says."""
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("A worker has ended before its time; what it said stands above.")
    answer: dict[str, Any] = json.loads(line)
    return answer


def until_empty(waiting: "queue.SimpleQueue[tuple[str, str]]") -> Iterator[tuple[str, str]]:
    """What waits, one after another."""
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return


# ---------------------------------------------------------------------------------------------------------------------
# compare
# ---------------------------------------------------------------------------------------------------------------------

MOST_FILES = 4  # of a case whose differences are shown
MOST_LINES = 14  # of a difference that are shown
WIDEST = 240  # characters of such a line
AROUND = 400  # lines that are looked at where two texts part


def compare(asked: argparse.Namespace) -> int:
    """Tells what differs between two records; 1: something that a machine reads does."""
    before, after = asked.before, asked.after
    abouts = [json.loads((folder / MARK).read_text()) for folder in (before, after)]
    if abouts[0]["day"] != abouts[1]["day"]:
        print(f"Beware: recorded on {abouts[0]['day']} and {abouts[1]['day']}; ages and days of today differ.\n")
    both, alone = common_cases(before, after, abouts)
    differing = {case: differences(before / case, after / case) for case in both}
    machine = {case: [name for name in names if name.startswith("answers/")] for case, names in differing.items()}
    words = {case: [name for name in names if name.startswith("words/")] for case, names in differing.items()}
    tell("Plain words that differ", words, before, after, asked.lines)
    tell("What machines read, and differs", machine, before, after, asked.lines)
    for case in alone:
        print(f"Only in one of the two: {case}")
    counts = [sum(map(bool, part.values())) for part in (machine, words)]
    print(f"{len(both)} cases compared: {counts[0]} differ for machines, {counts[1]} in plain words.")
    return int(bool(counts[0] or alone))


def common_cases(before: Path, after: Path, abouts: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The cases of both records; and those that one of them lacks, though it was asked for them."""
    there = [
        {f"{path.parent.name}/{path.name}" for path in folder.glob("*/*") if path.is_dir()}
        for folder in (before, after)
    ]
    lacking = [
        name
        for name in there[0] ^ there[1]
        if all(name.split("/")[0] in about["packs"] and is_chosen(*name.split("/"), about["only"]) for about in abouts)
    ]
    return sorted(there[0] & there[1]), sorted(lacking)


def differences(before: Path, after: Path) -> list[str]:
    """The files of a case that differ, or that one side lacks."""
    names = {
        str(path.relative_to(folder)) for folder in (before, after) for path in folder.rglob("*") if path.is_file()
    }
    return sorted(name for name in names if not is_same_or_absent(before / name, after / name))


def is_same_or_absent(one: Path, other: Path) -> bool:
    """Whether both are there with the same bytes."""
    return one.is_file() and is_same(one, other)


def tell(title: str, differing: Mapping[str, Sequence[str]], before: Path, after: Path, most: int) -> None:
    """The files that differ under a title, each with the first lines of its difference."""
    found = {case: names for case, names in differing.items() if names}
    if not found:
        return
    print(f"=== {title}: {len(found)} cases ===")
    for case, names in found.items():
        more = f" and {len(names) - 12} more" if len(names) > 12 else ""
        print(f"--- {case}: {', '.join(names[:12])}{more}")
        for name in names[:MOST_FILES]:
            for line in short_difference(before / case / name, after / case / name, most):
                print(f"    {line}")
    print()


def short_difference(before: Path, after: Path, most: int) -> list[str]:
    """The first lines of what differs, around the first line that does."""
    for path, which in ((before, "new"), (after, "gone")):
        if not path.is_file():
            return [f"({which}: {path.name})"]
    old, new = (text_of(path).splitlines() for path in (before, after))
    first = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(first - 1, 0)
    part = [lines[start : start + AROUND] for lines in (old, new)]
    diff = list(difflib.unified_diff(*part, f"line {start + 1} on", f"of {len(old)} and {len(new)}", lineterm="", n=1))
    more = [f"... {len(diff) - most} lines more"] if len(diff) > most else []
    return [line[:WIDEST] for line in diff[:most]] + more


# ---------------------------------------------------------------------------------------------------------------------


def list_cases(asked: argparse.Namespace) -> int:  # noqa: ARG001
    """Every case of each pack, and how many there are by their first word."""
    for pack in PACKS:
        names = list(cases(pack))
        counts: dict[str, int] = {}
        for name in names:
            word = name.split("-")[0]
            counts[word] = counts.get(word, 0) + 1
        calls = sum(
            len([line for line in lines.splitlines() if line.strip()]) for lines in cases(pack).values() if lines
        )
        told = ", ".join(f"{word} {count}" for word, count in counts.items())
        print(f"{pack}: {len(names)} cases with {calls} calls of the command ({told})\n  {' '.join(names)}\n")
    return 0


def arguments() -> argparse.Namespace:
    """What is asked on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    verbs = parser.add_subparsers(required=True)
    one = verbs.add_parser("record", help="run all cases and keep what they answer")
    one.add_argument("folder", type=Path)
    one.add_argument("--command", type=Path, required=True, help="the trd-access to ask")
    one.add_argument("--python", type=Path, required=True, help="the Python that it runs on")
    one.add_argument("--packs", default=",".join(PACKS), help="starter, us-2020 or both with a comma")
    one.add_argument("--only", help="patterns of cases, with commas: gaps-*,starter/py-*")
    one.add_argument("--pristine", type=Path, help="the folder of built packs; else `pristine` beside FOLDER")
    one.set_defaults(do=record)
    two = verbs.add_parser("compare", help="tell what differs between two records")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    two.add_argument("--lines", type=int, default=MOST_LINES, help="of each difference to show")
    two.set_defaults(do=compare)
    verbs.add_parser("list", help="the cases").set_defaults(do=list_cases)
    return parser.parse_args()


def main() -> int:
    """Do what is asked."""
    if sys.argv[1:2] == ["work"]:
        command, pristine, scratch = (Path(text) for text in sys.argv[2:5])
        work(Bench(command, pristine, scratch, int(sys.argv[5])))
        return 0
    asked = arguments()
    try:
        code: int = asked.do(asked)
    except BrokenPipeError:  # who read the differences has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
