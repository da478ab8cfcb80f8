"""The methods of courses, equity and certainty, in words: one row a figure."""

from typing import Final

from access.language import mark
from access.report.method_rows import Method

COURSES: Final = [
    Method(
        mark("Regimens"),
        "",
        mark("How many visits a course has, how long each takes, who may drive."),
        "data, each with its source and grade",
        mark("sessions, weeks, minutes"),
        "evidence as named in each row",
        mark("Label or usual courses; patients differ. Intramuscular ketamine has none, for want of a source."),
    ),
    Method(
        mark("Course burden"),
        "course_minutes",
        mark("What the whole treatment asks: hours, escort, miles, money, work days."),
        "patient n(2t+v+w); escort n min(2t+v+w, 4t), 0 if none needed; miles 2nd; usd n price + miles x "
        "0.205; up to 4 h from door to door is half a day",
        mark("minutes, miles, US dollars, days"),
        "own arithmetic on each regimen's graded sources; IRS medical mileage 2026",
        mark(
            "Prices are placeholders from the web (C); TMS and ECT have none, so their money is unknown, not "
            "zero. Waiting counts 0."
        ),
    ),
    Method(
        mark("Lightest course"),
        "lightest",
        mark("Nearest clinic, cheapest course and quickest course, which may differ."),
        "the least over offers in reach of t; n price + 2nd rate; n(2t+v+w)",
        mark("clinic; dollars; minutes"),
        "as Course burden",
        mark("Burden only, not benefit or fitness; unpriced offers are counted beside it, and one may be cheaper."),
    ),
    Method(
        mark("Esketamine starts by distance"),
        "uptake",
        mark("How much rarer it is to begin far from a centre."),
        "1, .881, .492, .319, .241, .072 at [0,10), [10,20), ... [50,inf) miles; or 1 / (1 + (d / 26)^2.7)",
        mark("ratio to living within 10 miles"),
        "Joshi et al. 2024, doi:10.4088/JCP.23m15102",
        mark(
            "Observational, one insured cohort, unadjusted; not an effect of distance. No clinic reached counts "
            "as beyond 50 miles."
        ),
    ),
    Method(
        mark("Starts lost to distance"),
        "starts_lost",
        mark("Starts that distance goes with losing."),
        "patients x start rate x (1 - ratio)",
        mark("people; share"),
        "Joshi et al. 2024, doi:10.4088/JCP.23m15102",
        mark(
            "Association, not effect; the start rate has no source, and 1 is an upper bound; only as complete as "
            "the clinic list."
        ),
    ),
]
EQUITY: Final = [
    Method(
        mark("Subgroups"),
        "subgroups",
        mark("How many of the poor, the uninsured, veterans and others live beyond a limit, and how the rest do."),
        "S = sum of P s [T > z] / sum of P s, s the share of the place; its margin: sqrt of the sum of (moe g)^2, "
        "g = P ([T > z] - S) / sum of P s",
        mark("people; share from 0 to 1"),
        "American Community Survey, 5-year; Census Bureau, Understanding and Using ACS Data (2020), chapter 8",
        mark(
            "Tells of places, not of individuals; the interval is that of the survey alone. Only for packs with shares."
        ),
    ),
    Method(
        mark("Gini and Lorenz"),
        "gini, lorenz",
        mark("How unequally access is shared."),
        "G = 1 - sum of p_i (L_i + L_(i-1))",
        mark("0 to below 1"),
        "Gini 1912; Lorenz 1905, doi:10.2307/2276207",
        mark("For minutes it measures unequal burden; depends on the value given to the unreached."),
    ),
    Method(
        mark("Concentration index"),
        "concentration",
        mark("Whether access gathers among the better off (above 0) or worse off (below 0)."),
        "C = (2 / mean) sum of p_i (A_i - mean)(r_i - 1/2), ties at averaged rank; Erreygers: 4 mean C / (max - min)",
        mark("-1 to 1"),
        "van Doorslaer & Koolman 2004, doi:10.1002/hec.918; Erreygers 2009, doi:10.1016/j.jhealeco.2008.02.003",
        mark("For minutes the sign reads the other way; places, not persons, are ranked."),
    ),
    Method(
        mark("Palma ratio"),
        "concentration",
        mark("Mean access of the richest tenth over that of the poorest four tenths."),
        "mean A (rank > q90) / mean A (rank <= q40)",
        mark("ratio"),
        "Palma 2011, doi:10.1111/j.1467-7660.2011.01694.x",
        mark("Above 1 favours the rich; for minutes, the poor."),
    ),
    Method(
        mark("Theil T"),
        "theil",
        mark("How much inequality lies between and within groups."),
        "sum of p (A/mean) ln(A/mean) = between + within",
        mark("0 upward"),
        "Theil 1967",
        mark("One group's part of between may be negative; A = 0 adds 0."),
    ),
    Method(
        mark("Poverty of minutes (FGT, dual)"),
        "poverty, excess",
        mark("How many are beyond a limit, how far, how severely."),
        "g = (min(T,Tmax) - z)/(Tmax - z) if T > z, unreached 1; FGT_a = sum of P g^a / sum of P, a = 0, 1, 2",
        mark("0 to 1"),
        "Foster, Greer & Thorbecke 1984, doi:10.2307/1913475; the dual bounded here",
        mark("Depth and severity depend on Tmax: state it. Parts by group add up exactly."),
    ),
]
CERTAINTY: Final = [
    Method(
        mark("Gap with its interval"),
        "",
        mark(
            "Between what and what share of people live beyond a limit, and how far that moves the gap, when "
            "listings, payers, travel times and origins may be wrong."
        ),
        "in each draw T = t of the nearest clinic that serves x F + e; low and high: the 5th and 95th "
        "percentile of the draws; difference and ratio draw by draw",
        mark("share; points; times"),
        "Listings: Riley 2024, PMC11260587; origins: Berke & Shi 2009, PMC2683820; travel: the measured "
        "error of the estimate",
        mark(
            "Listings can only fail, so the plain estimate may lie outside the interval. Clinics missing from "
            "our data and listings that fail together are not counted."
        ),
    ),
    Method(
        mark("Supported or not"),
        "",
        mark("Whether the data support a difference between two groups."),
        "the interval of the difference leaves out 0",
        mark("yes or no"),
        "from the interval above",
        mark("Only the sources named in the sentence are counted; shares are rounded outward."),
    ),
    Method(
        mark("Rank of a state or county"),
        "",
        mark("Where an area stands by its share of people beyond a limit, and between which ranks it lies."),
        "in each draw all areas are ranked anew; low and high: the 5th and 95th percentile of its ranks",
        mark("rank"),
        "from the draws above, all areas sharing each draw",
        mark("Two areas whose ranks overlap are not told apart by these data."),
    ),
    Method(
        mark("Towns where one clinic would reach most"),
        "",
        mark("From which towns one new clinic would bring most people within a limit who are now beyond it."),
        "the town with most; then the town with most of those whom no town before it reaches; ten times",
        mark("people"),
        "greedy covering: Church & ReVelle 1974, doi:10.1007/BF01942293",
        mark("Each alone is the best left, the ten together need not be. Whether a clinic can open is not asked."),
    ),
]
