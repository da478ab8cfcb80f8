"""What planners ask, as rows of the page Data and methods: load, what a closing does, where next."""

from typing import Final

from access.language import mark
from access.report.method_rows import Method

PLANS: Final = (
    Method(
        mark("Load of a clinic"),
        "",
        mark("How many people have a clinic as their nearest, and the sessions a week that they would ask for."),
        "people x adults 0.779 x patients 0.0115 x share who begin x sessions of the course / 52",
        mark("people; sessions a week"),
        "Zhdanava et al. 2021 (patients per adult); regimens of the page Treatments",
        mark("Who begins in a year has no source: it is the reader's assumption, 5 % of patients unless changed."),
    ),
    Method(
        mark("What a closing does"),
        "",
        mark("Who would fall out of a limit if one clinic closed, and how much farther the others would go."),
        "lost: T1 <= z and T2 > z, summed over places whose nearest it is",
        mark("people; minutes"),
        "one place's second nearest clinic takes over",
        mark("Each clinic is closed alone. Whether the next clinic has room is not counted."),
    ),
    Method(
        mark("Where next"),
        "",
        mark("The sites that bring most, in the order to open them, and how near that is to the best possible."),
        "max sum of P covered (or least average, worst or poor time), at most p sites or a budget",
        mark("people, patients, starts, minutes, sites"),
        "Church & ReVelle 1974, doi:10.1007/BF01942293; Hakimi 1964; Toregas et al. 1971; HiGHS",
        mark("Proven within the estimate of drives and our list of clinics; another list may have another best."),
    ),
)
