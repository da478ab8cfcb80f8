"""The closed lists of words that tables, pages and the terminal share."""

from typing import Final

from access.language import mark

TREATMENTS: Final[dict[str, str]] = {
    "ketamine_iv": mark("IV ketamine"),
    "ketamine_im": mark("Ketamine injection (IM)"),
    "esketamine": mark("Esketamine (Spravato)"),
    "tms": mark("TMS"),
    "ect": mark("ECT"),
}
PAYERS: Final[dict[str, str]] = {
    "medicare": mark("Medicare"),
    "medicaid": mark("Medicaid"),
    "private": mark("Private insurance"),
    "tricare": mark("TRICARE / military"),
    "va": mark("VA"),
    "self_pay": mark("Self-pay"),
    "sliding_scale": mark("Sliding scale"),
}
RURALITIES: Final[dict[str, str]] = {
    "urban": mark("Urban"),
    "large_town": mark("Large town"),
    "small_town": mark("Small town"),
    "rural": mark("Rural"),
    "not_coded": mark("Not coded"),
}
SETTINGS: Final[dict[str, str]] = {
    "private_clinic": mark("Private clinic"),
    "psychiatry_practice": mark("Psychiatry practice"),
    "hospital": mark("Hospital"),
    "academic": mark("Academic centre"),
    "va": mark("VA facility"),
    "community": mark("Community mental health centre"),
}
# Groups of people of whom a place's share may be known, as the American Community Survey counts them. White, Black,
# American Indian and Asian are those who are not Hispanic.
SHARES: Final[dict[str, str]] = {
    "poverty": mark("people below the poverty level"),
    "uninsured": mark("people without health insurance"),
    "no_vehicle": mark("households without a vehicle"),
    "no_internet": mark("households without internet access"),
    "veterans": mark("veterans among civilian adults"),
    "white": mark("white people"),
    "black": mark("Black people"),
    "american_indian": mark("American Indian and Alaska Native people"),
    "asian": mark("Asian people"),
    "hispanic": mark("Hispanic people"),
}
PRECISIONS: Final = ("rooftop", "street", "zip", "city")
# Where records of clinics come from, the most trusted first: the first record of a site gives its name and facts.
SOURCES: Final[dict[str, str]] = {
    "own": mark("Own list"),
    "curated": mark("Curated list of public pages"),
    "samhsa_locator": mark("SAMHSA FindTreatment.gov"),
    "samhsa_directory": mark("SAMHSA national directory"),
    "medicare": mark("Medicare billing"),
    "nppes": mark("NPI registry (NPPES)"),
    "openstreetmap": mark("OpenStreetMap"),
    "geocoder": mark("Census geocoder"),
}
# What a source's word on a service rests on.
EVIDENCE: Final[dict[str, str]] = {
    "seen": mark("seen on a public page"),
    "surveyed": mark("named in SAMHSA's survey"),
    "billed": mark("billed to Medicare"),
    "user": mark("from an own list"),
}
# How a source's record differs from what it was when the source was last asked.
CHANGE_KINDS: Final[dict[str, str]] = {
    "new": mark("new"),
    "gone": mark("no longer listed"),
    "back": mark("listed again"),
    "changed": mark("changed"),
    "joined": mark("now part of another site"),
}

# USPS code, FIPS code, name: the 50 states, DC and Puerto Rico (Census ANSI codes).
_STATE_ROWS: Final = """
AL 01 Alabama|AK 02 Alaska|AZ 04 Arizona|AR 05 Arkansas|CA 06 California|CO 08 Colorado|CT 09 Connecticut
DE 10 Delaware|DC 11 District of Columbia|FL 12 Florida|GA 13 Georgia|HI 15 Hawaii|ID 16 Idaho|IL 17 Illinois
IN 18 Indiana|IA 19 Iowa|KS 20 Kansas|KY 21 Kentucky|LA 22 Louisiana|ME 23 Maine|MD 24 Maryland
MA 25 Massachusetts|MI 26 Michigan|MN 27 Minnesota|MS 28 Mississippi|MO 29 Missouri|MT 30 Montana|NE 31 Nebraska
NV 32 Nevada|NH 33 New Hampshire|NJ 34 New Jersey|NM 35 New Mexico|NY 36 New York|NC 37 North Carolina
ND 38 North Dakota|OH 39 Ohio|OK 40 Oklahoma|OR 41 Oregon|PA 42 Pennsylvania|RI 44 Rhode Island
SC 45 South Carolina|SD 46 South Dakota|TN 47 Tennessee|TX 48 Texas|UT 49 Utah|VT 50 Vermont|VA 51 Virginia
WA 53 Washington|WV 54 West Virginia|WI 55 Wisconsin|WY 56 Wyoming|PR 72 Puerto Rico
"""
_PARTS: Final = [row.split(" ", 2) for line in _STATE_ROWS.strip().splitlines() for row in line.split("|")]
STATES: Final[dict[str, str]] = {usps: name for usps, _, name in _PARTS}
STATE_FIPS: Final[dict[str, str]] = {usps: fips for usps, fips, _ in _PARTS}
STATE_OF_FIPS: Final[dict[str, str]] = {fips: usps for usps, fips, _ in _PARTS}


def state_code(text: str) -> str | None:
    """The USPS code for a code or a full name in any case; None: there is no such state."""
    words = " ".join(text.split())
    if words.upper() in STATES:
        return words.upper()
    return next((usps for usps, name in STATES.items() if name.lower() == words.lower()), None)
