"""SAMHSA's codes and published words, and what they are in ours: those of its directory, then those of its locator."""

from typing import Final

# Each code with a word of its published meaning: a code that has come to mean something else is refused.
DIRECTORY_TREATMENTS: Final = {
    "KIT": ("ketamine_iv", "ketamine"),
    "TMS": ("tms", "transcranial"),
    "ECT": ("ect", "electroconvulsive"),
}


DIRECTORY_PAYERS: Final = {
    "MC": ("medicare", "medicare"),
    "MD": ("medicaid", "medicaid"),
    "PI": ("private", "private"),
    "MI": ("tricare", "military"),
    "VAF": ("va", "va funds"),
    "SF": ("self_pay", "cash"),
    "SS": ("sliding_scale", "sliding"),
}


# Named: true. Not named: not known, since the directory does not tell "no" from "not answered".
DIRECTORY_FLAGS: Final = {"TELE": ("telehealth", "telehealth"), "SP": ("speaks_spanish", "spanish")}


# Facility type and ownership, the surest first; what is in none of them is unknown.
DIRECTORY_SETTINGS: Final = (
    ("va", {"VAHC", "VAMC"}),
    ("hospital", {"PSY", "IPSY", "SHP", "HI"}),
    ("community", {"CMHC", "CBHC"}),
)


DIRECTORY_FOR_PROFIT: Final = "PVTP"


DIRECTORY_OUTPATIENT_TYPES: Final = {"OMH", "MSMH", "MHC", "PH"}


DIRECTORY_OUTPATIENT: Final = {"OP", "PHDT"}


# The code that the locator filters by, and a word of the treatment's published name.
LOCATOR_TREATMENTS: Final = {
    "KIT": ("ketamine_iv", "ketamine"),
    "TMS": ("tms", "transcranial magnetic"),
    "ECT": ("ect", "electroconvulsive"),
}


# By how the published text starts: "State-financed health insurance plan other than Medicaid" is not Medicaid.
LOCATOR_PAYERS: Final = {
    "medicare": ("medicare",),
    "medicaid": ("medicaid",),
    "private": ("private health insurance",),
    "tricare": ("federal military insurance", "military insurance"),
    "va": ("us department of va funds",),
    "self_pay": ("cash or self payment",),
    "sliding_scale": ("sliding fee scale",),
}


# The surest first; what none of them fits is unknown.
LOCATOR_SETTINGS: Final = (
    ("va", ("veterans affairs",)),
    (
        "hospital",
        ("psychiatric hospital", "separate inpatient psychiatric unit", "state hospital", "hospital inpatient"),
    ),
    ("community", ("community mental health center", "certified community behavioral health clinic")),
)


LOCATOR_OUTPATIENT_TYPES: Final = ("outpatient mental health facility", "multi setting mental health facility")


LOCATOR_OUTPATIENT: Final = ("outpatient", "partial hospitalization")
