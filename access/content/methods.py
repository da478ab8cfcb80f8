"""How each figure is worked out, in words: formula, unit, source and caution, for pages and the terminal."""

from typing import Final, NamedTuple

import pandas as pd

from access.language import mark, say


class Method(NamedTuple):
    """One figure: what it says, how it is worked out, and what to beware of; `measure` as the terminal names it."""

    name: str
    measure: str
    says: str
    formula: str
    unit: str
    source: str
    caution: str


REACH: Final = [
    Method(
        mark("Nearest clinic"),
        "nearest",
        mark("How far a place is from the nearest clinic that gives the treatment, one way."),
        "T = the smallest t over all clinics j; the k-th nearest: the k-th smallest",
        mark("minutes, or road miles"),
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3; k-th nearest: Kiang et al. 2021, "
        "doi:10.1016/j.drugalcdep.2021.109081",
        mark("A place that reaches no clinic within 240 minutes has no value; its people count as beyond every limit."),
    ),
    Method(
        mark("People beyond a limit"),
        "",
        mark("How many people, and what share, live farther than a limit from the nearest clinic."),
        "sum of P where T > z, over sum of P; T equal to z is within",
        mark("people; share from 0 to 1"),
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3",
        mark("All residents are counted, not only those who need the treatment."),
    ),
    Method(
        mark("Clinics within a limit"),
        "clinics_within",
        mark("How many clinics a place can reach."),
        "the number of clinics j with t <= z",
        mark("clinics"),
        "Wachs & Kumagai 1973, doi:10.1016/0038-0121(73)90041-4",
        mark("Says nothing of how many patients each can take."),
    ),
    Method(
        mark("Median and quantiles"),
        "",
        mark("What at least half (or another share) of the people do not exceed."),
        "the smallest T whose people, with all nearer ones, make up the share",
        mark("minutes or miles"),
        "population-weighted, no interpolation",
        mark("Not given where it falls among people who reach no clinic."),
    ),
    Method(
        mark("Urban-rural gap"),
        "gap",
        mark("How far the country stands from the city in one measure."),
        "rural minus urban (difference); rural over urban (ratio)",
        mark("points of share; times"),
        "Kiang et al. 2021, doi:10.1016/j.drugalcdep.2021.109081",
        mark("Clinics missing from our data widen or narrow it; see Gap with its interval."),
    ),
    Method(
        mark("Before and after"),
        "",
        mark("Who comes within a limit by a scenario, and who falls out of it."),
        "gained: T before > z and T after <= z; lost: the reverse",
        mark("people"),
        "differences of the measures above",
        mark("Distance alone: a new clinic's capacity, price and insurance are not counted."),
    ),
    Method(
        mark("Minutes to an amount of supply"),
        "minutes_to_supply",
        mark("How far until a given number of clinics or courses is within reach."),
        "smallest t with sum of S over t_ij <= t at least n",
        mark("minutes"),
        "dual access; as cost_to_closest of R accessibility",
        mark("Says nothing of who else uses that supply."),
    ),
    Method(
        mark("Expected minutes"),
        "expected",
        mark("The minutes to the first clinic that really gives the treatment, when listings may be wrong."),
        "sum over k of t_(k) q (1-q)^(k-1); if found: that over 1 - (1-q)^n; none works: (1-q)^n",
        mark("minutes; chance from 0 to 1"),
        "q = 0.83 (sweep 0.5 to 0.95): Riley 2024, PMC11260587",
        mark(
            "Read it with the chance that none works. Listings are taken as independent; q comes from "
            "substance-use directories."
        ),
    ),
    Method(
        mark("Balancing time"),
        "balancing",
        mark("How far a place must go until the supply within reach matches its own people."),
        "smallest t with sum of S over t_ij <= t at least factor x P",
        mark("minutes"),
        "Barboza et al. 2021, doi:10.1016/j.jtrangeo.2020.102924",
        mark(
            "Other places' demand is not counted; depends on how places are cut. Not given where all supply in "
            "reach is too little."
        ),
    ),
    Method(
        mark("Any acceptable treatment"),
        "",
        mark("How far the nearest of the treatments a person would accept is, and which."),
        "smallest t over clinics giving any of the set",
        mark("minutes; treatment"),
        "Guagliardo 2004, doi:10.1186/1476-072X-3-3",
        mark("Treatments are not equal in effect, price or visits."),
    ),
    Method(
        mark("Minutes for a payer"),
        "payer",
        mark("Between which two figures the way to a clinic that takes this payer lies."),
        "upper: nearest clinic a source says takes it; lower: nearest that takes it or of which nothing is said",
        mark("minutes; share [low, high]"),
        "definitions above",
        mark("Not stated is neither yes nor no. Taking a payer does not mean an appointment is free."),
    ),
    Method(
        mark("Adequacy"),
        "adequacy",
        mark("Whether enough of a county's people are within a standard's minutes and miles of enough clinics."),
        "pass when sum of P inside over sum of P >= the share asked; inside: at least k clinics with t <= "
        "Tmax and (or) d <= Dmax",
        mark("share; pass or fail"),
        "42 CFR 422.116; 42 CFR 438.68, transcribed",
        mark(
            "Written for plan networks, here all residents, all listed clinics and estimated roads. County types "
            "rest on land area estimated from outlines, unless a table of it is given."
        ),
    ),
    Method(
        mark("People by area"),
        "",
        mark("How many people live in each state, county, hexagon or area of your own."),
        "sum of P over the places whose point lies in the area; where areas overlap, the first of the file",
        mark("people"),
        "point in polygon; hexagons: H3, h3geo.org",
        mark("A place counts whole where its centre lies; people outside every area are a row of their own."),
    ),
    Method(
        mark("Millions of points"),
        "",
        mark("The nearest clinic, and clinics within a limit, for census blocks or the cells of a population grid."),
        "as Nearest clinic and Clinics within a limit, with no stored matrix",
        mark("minutes; km; clinics"),
        "the same; a grid's own publisher",
        mark(
            "A point without county or rurality has those of the nearest census place. Most grids are themselves "
            "modelled."
        ),
    ),
]


CATCHMENTS: Final = [
    Method(
        mark("Supply within a limit"),
        "supply_within",
        mark("How much supply a place can reach within a limit."),
        "sum of S over clinics with t <= z",
        mark("units of supply"),
        "Wachs & Kumagai 1973, doi:10.1016/0038-0121(73)90041-4",
        mark("Says nothing of how many others share it; one limit decides."),
    ),
    Method(
        mark("Supply within an interval of limits"),
        "supply_within_interval",
        mark("The mean supply within every limit from a to b."),
        "sum of S w; w = 1 up to a, (b - t) / (b - a) between, 0 from b",
        mark("units of supply"),
        "Tomasiello et al. 2023, doi:10.1016/j.apgeog.2023.103007",
        mark("Exact over the whole interval; the paper averages over whole minutes."),
    ),
    Method(
        mark("Decay"),
        "",
        mark("How much less a clinic counts the farther it is."),
        "binary; zones; straight; exp(-b t); max(t, 1)^-b; exp(-t^2 / 2 s^2); g(0)/g(t) with g = 1 + exp((t "
        "- m) pi / (s sqrt 3)); 1 / (1 + (t / median)^shape)",
        mark("weight from 0 to 1"),
        "zones: Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002",
        mark("A choice, not a finding: show results for more than one. Weights below 1e-150 count as 0."),
    ),
    Method(
        mark("Gravity"),
        "gravity",
        mark("All the supply a place can reach, near supply counting more."),
        "sum of S f(t)",
        mark("weighted units of supply"),
        "Hansen 1959, doi:10.1080/01944365908978307",
        mark("Compare only within one decay and one unit of supply."),
    ),
    Method(
        mark("Gravity with competition"),
        "gravity_competition",
        mark("Supply per person, each clinic shared by all who reach it, by weight."),
        "sum of S_j f_ij / V_j; V_j = sum over k of P_k f_kj",
        mark("supply per person"),
        "Joseph & Bantock 1982, doi:10.1016/0277-9536(82)90428-2",
        mark("A person counts in the demand of every clinic in reach."),
    ),
    Method(
        mark("Floating catchment (FCA)"),
        "floating",
        mark("The supply near a place over the people near it."),
        "sum of S with t_ij <= z, over sum of P with t_ik <= z",
        mark("supply per person"),
        "Luo 2004, Health & Place 10(1), 1-11",
        mark("Needs trips between places. Not given where nobody lives within the limit."),
    ),
    Method(
        mark("Two-step catchment (2SFCA)"),
        "two_step",
        mark("Supply per person: each clinic shared by all within the limit, then summed."),
        "R_j = S_j / sum of P_k with t_kj <= z; A_i = sum of R_j with t_ij <= z",
        mark("supply per person"),
        "Radke & Mu 2000; Luo & Wang 2003, doi:10.1068/b29120",
        mark(
            "Over-counts demand (Paez 2019). In scattered rural areas the limit dominates at small scale, the "
            "decay at large scale (Chen & Jia 2019)."
        ),
    ),
    Method(
        mark("Enhanced catchment (E2SFCA)"),
        "enhanced_two_step",
        mark("As 2SFCA, with a weight for each zone in both steps."),
        "R_j = S_j / sum of W P; A_i = sum of W R; zones at a third, two thirds and the whole of the reach: "
        "1, 0.68, 0.22",
        mark("supply per person"),
        "Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002",
        mark("30 minutes is urban: for rural care use wider zones and say so."),
    ),
    Method(
        mark("Modified catchment (M2SFCA)"),
        "modified_two_step",
        mark("As E2SFCA, but supply that is far from its people is partly lost."),
        "sum of S_j f_ij^2 / sum of P_k f_kj",
        mark("supply per person"),
        "Delamater 2013, doi:10.1016/j.healthplace.2013.07.012",
        mark("Does not conserve supply, on purpose."),
    ),
    Method(
        mark("Three-step catchment (3SFCA)"),
        "three_step",
        mark("As E2SFCA, after people spread over the clinics in reach by weight."),
        "G_ij = f_ij / sum of f_il in the catchment; R_j = S_j / sum of G P f; A_i = sum of G R f",
        mark("supply per person"),
        "Wan, Zou & Sternberg 2012, doi:10.1080/13658816.2011.624987",
        mark("The choice uses clinics inside the catchment alone, whatever their supply."),
    ),
    Method(
        mark("Balanced catchment (BFCA)"),
        "balanced",
        mark("Level of service when each person and each unit is counted once."),
        "L_j = S_j / sum of P_i w_ij / sum_j w; A_i = sum of L_j w_ij / sum_i w",
        mark("level of service"),
        "Paez, Higgins & Vivona 2019, doi:10.1371/journal.pone.0218773",
        mark("Depends on how many places surround a clinic: compare within one origin unit only."),
    ),
    Method(
        mark("Spatial availability"),
        "availability",
        mark("The supply that falls to each place when clinics are divided by people and weight."),
        "V_i = sum over j of S_j P_i^a f_ij / sum over k of P_k^a f_kj; per head V_i / P_i",
        mark("units of supply, or per person"),
        "Soukhov et al. 2023, doi:10.1371/journal.pone.0278468",
        mark("Not a rate: a bigger place gets more. Per head with a = 1 it equals E2SFCA."),
    ),
    Method(
        mark("Rational agent access (RAAM)"),
        "raam",
        mark(
            "What care costs a place, crowding and drive together, when everybody chooses the best clinic; lower "
            "is better."
        ),
        "each place's used clinics share the least (D/S)/rho + t/tau; rho = people over supply in reach; tau = 60 min",
        mark("cost: 1 is the mean crowd with no drive, or a 60-minute drive to an empty clinic"),
        "Saxon & Snow 2020, doi:10.1080/24694452.2019.1629870",
        mark(
            "People are fractions; solved until nobody pays more than 0.00001 above the least open to them. "
            "Relative to the data set: rho moves with the area chosen."
        ),
    ),
    Method(
        mark("Supply"),
        "",
        mark("What each clinic offers, in one unit."),
        "courses per month = capacity per week / sessions of the course x 52 / 12; else 1 per clinic",
        mark("courses per month, or clinics"),
        "the courses: see Regimens",
        mark(
            "If any capacity is unknown, every clinic counts one unless an assumed number is given: units are "
            "never mixed."
        ),
    ),
    Method(
        mark("Demand"),
        "",
        mark("Who asks for care: all people, adults, or adults expected to have treatment-resistant depression."),
        "P; adults; adults x 0.0021 (low); adults x 0.0115 (central)",
        mark("people"),
        "derived: Liu 2021; Zhdanava 2021, J Clin Psychiatry 82(2):20m13699",
        mark("Show low and central together. Where the pack does not count adults, an adult share must be given."),
    ),
]


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


CAUTIONS: Final = [
    mark(
        "Drives are estimates from straight-line distance, in free traffic. Most long drives lie between 0.85 and "
        "1.2 times the estimate; of short ones in cities only 4 to 7 in 10 do. In mountains (West Virginia, Vermont) "
        "they are longer. An estimate is not a route."
    ),
    mark(
        "Long drives: beyond 40 km the estimate adds 0.9 minutes for each straight-line km, which is 41 miles an "
        "hour as the crow flies. On a straight highway driven at 65 miles an hour the true drive is about a third "
        "shorter: a clinic said to be 3 hours away may be 2. So far figures of 2 hours and more, in open country "
        "above all, are high."
    ),
    mark(
        "Islands without a bridge, and the parts of Alaska and Hawaii that no road joins, reach their own clinics "
        "only. Crossings of Lake Michigan, Puget Sound and the Chesapeake, and islands within a mainland county, "
        "are not handled: estimates there are too short."
    ),
    mark(
        "A clinic that is not in our data may exist. Counts of ketamine clinics differ 4 to 13 times between "
        "sources. Every clinic shows where we learned of it and when."
    ),
    mark("A clinic's insurance is what a source states. What no source states is shown as not stated, never as no."),
    mark(
        "Clinics are placed at their ZIP or town where we have no street address on the map; so each shows its "
        "precision."
    ),
    mark(
        "Rurality is USDA RUCA 2020 by tract, primary codes: 1 to 3 urban, 4 to 6 large town, 7 to 9 small town, "
        "10 rural; where a tract has none, RUCC 2023 by county; 99 is not coded, never rural. In the starter pack "
        "it is modelled."
    ),
    mark(
        "Centres of population stand for the people around them: mean absolute error 2.3 to 5.6 minutes (Berke & "
        "Shi 2009, PMC2683820)."
    ),
]


_TRANSLATED_COLUMNS: Final = ("name", "says", "unit", "caution")
# The names of the columns, so that they have translations too.
_COLUMN_NAMES: Final = (
    *(mark("name"), mark("measure"), mark("says"), mark("formula"), mark("unit"), mark("source"), mark("caution")),
)


def methods_table() -> pd.DataFrame:
    """The methods, one row each; `measure`: the name that `trd-access gaps --measure` takes, "" where it takes none."""
    return pd.DataFrame([*REACH, *CATCHMENTS, *COURSES, *EQUITY, *PLANS, *CERTAINTY], columns=list(Method._fields))


def methods_for_people() -> pd.DataFrame:
    """The methods in the current language, by name; formulas and sources stay as they are written everywhere."""
    methods = methods_table()
    spoken = methods.assign(**{column: methods[column].map(_say_text) for column in _TRANSLATED_COLUMNS})
    return spoken.rename(columns=say).set_index(say("name"))


def _say_text(text: str) -> str:
    return say(text) if text else ""
