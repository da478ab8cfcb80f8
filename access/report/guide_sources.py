"""Where each statement of the guide comes from: publisher and page, with its grade as in the evidence we keep."""

from typing import Final, NamedTuple

from access.language import mark


class Source(NamedTuple):
    """What a reader sees of a source; `grade`: A research or government, B maker, hospital or charity, C web page."""

    words: str
    url: str
    grade: str


SOURCES: Final[dict[str, Source]] = {
    "zhdanava": Source(
        mark("Zhdanava and others 2021, J Clin Psychiatry 82(2):20m13699"), "https://doi.org/10.4088/JCP.20m13699", "A"
    ),
    "voineskos": Source(
        mark("Voineskos and others 2020, a review of treatment-resistant depression"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC6982454/",
        "A",
    ),
    "ibrahim": Source(
        mark("Ibrahim and others 2011, ketamine with and without earlier ECT"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC3100439/",
        "A",
    ),
    "anand": Source(
        mark("Anand and others 2023, New England Journal of Medicine, ketamine beside ECT"),
        "https://pubmed.ncbi.nlm.nih.gov/37224232/",
        "A",
    ),
    "andrade": Source(
        mark("Andrade 2017, J Clin Psychiatry 78(7):e852, on ketamine doses and visits"),
        "https://www.psychiatrist.com/jcp/ketamine-for-depression-dosing-administration-and-duration/",
        "A",
    ),
    "biok": Source(
        mark("The Bio-K trial, 2023: 75 people, three infusions in 11 days, no group without ketamine (abstract)"),
        "https://www.safetylit.org/citations/index.php?fuseaction=citations.viewdetails"
        "&citationIds%5B%5D=citjournalarticle_837756_1",
        "A",
    ),
    "ekstrand": Source(
        mark("Ekstrand and others 2022, ketamine beside ECT, 186 people in hospital"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC9154276/",
        "A",
    ),
    "kryst": Source(
        mark("Kryst and others 2020, 20 trials of ketamine put together"),
        "https://doi.org/10.1007/s43440-020-00097-z",
        "A",
    ),
    "turkoz": Source(
        mark("Turkoz and others 2021, two trials of esketamine put together, 518 people"),
        "https://doi.org/10.4088/JCP.20m13800",
        "A",
    ),
    "carpenter": Source(
        mark("Carpenter and others 2012, TMS in 42 clinics"), "https://pubmed.ncbi.nlm.nih.gov/22689344/", "A"
    ),
    "ecfr": Source(
        mark("US Code of Federal Regulations, title 21, section 882.5940: ECT devices"),
        "https://www.ecfr.gov/current/title-21/section-882.5940",
        "A",
    ),
    "medicare": Source(
        mark("Medicare, coverage rule L34522 on TMS (for one region; others differ)"),
        "https://www.cms.gov/medicare-coverage-database/view/lcd.aspx?lcdid=34522",
        "A",
    ),
    "fda": Source(
        mark("US Food and Drug Administration, alert of 10 October 2023 on compounded ketamine"),
        "https://www.fda.gov/drugs/human-drug-compounding",
        "A",
    ),
    "claims": Source(
        mark("Three studies of insurance claims: 45 to 61 in 100 who begin esketamine reach 8 visits"),
        "https://doi.org/10.1080/13696998.2023.2208993",
        "A",
    ),
    "label": Source(
        mark("Spravato: the label and medication guide"), "https://www.spravatohcp.com/prescribing-information", "B"
    ),
    "maker": Source(mark("Spravato: the maker's help with costs"), "https://www.spravatohcp.com/patient-support", "B"),
    "nimh": Source(
        mark("National Institute of Mental Health, brain stimulation therapies"),
        "https://www.nimh.nih.gov/health/topics/brain-stimulation-therapies/brain-stimulation-therapies",
        "A",
    ),
    "hospitals": Source(
        mark("UCLA Health and Beth Israel Deaconess, guides to ECT for patients"),
        "https://www.uclahealth.org/hospitals/resnick/patient-care/electroconvulsive-therapy-ect/"
        "preparing-your-outpatient-ect",
        "B",
    ),
    "clinics": Source(mark("Pages of ketamine and TMS clinics"), "", "C"),
    "consumer": Source(mark("A consumer page on ketamine therapy"), "", "C"),
    "prices": Source(mark("Price pages of clinics and price sites; no official list of prices exists"), "", "C"),
    "listings": Source(
        mark("Riley and others 2024: of treatment listings called, 83 in 100 worked"),
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC11260587/",
        "A",
    ),
}
