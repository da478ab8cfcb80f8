"""The methods of reach, in words: one row a figure."""

from typing import Final, NamedTuple

from access.language import mark


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
