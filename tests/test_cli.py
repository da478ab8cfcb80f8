"""The terminal: answers, machine forms, exit codes, and one sentence for whatever goes wrong."""

import csv
import io
import json

import pandas as pd
import pytest

from access.cli.gaps import OTHER_MEASURES
from access.measures.nearest import minutes_to_nearest
from access.places.pack import Pack, load_pack, pack_folder, save_pack
from access.places.services import clinics_offering
from access.questions.measure_registry import SUMMARIES
from access.travel.estimate import estimate_trips


def test_find_lists_clinics_nearest_first_with_evidence(run) -> None:
    code, out, _ = run("find", "Denver, CO", "--treatment", "ketamine_iv", "--within", "50mi", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    minutes = [float(row["minutes"]) for row in rows]
    assert code == 0
    assert len(rows) > 1
    assert minutes == sorted(minutes)
    assert all("ketamine_iv" in row["treatments"].split("|") for row in rows)
    assert all(float(row["km"]) <= 50 * 1.609344 for row in rows)
    assert all(row["sources"] and (row["seen_date"] or row["checked_on"]) for row in rows)


def test_find_keeps_stated_and_not_stated_apart_and_names_the_crisis_line(run) -> None:
    code, out, _ = run("find", "Fort Collins, CO", "-t", "esketamine", "--payer", "medicaid", "--within", "2h")
    assert code == 0
    assert "Medicaid stated" in out
    assert "Medicaid not stated (ask)" in out
    assert "988" in out


def test_find_with_nothing_near_says_so_and_names_the_nearest(run) -> None:
    code, out, _ = run("find", "59718", "--treatment", "esketamine", "--payer", "medicaid", "--within", "120min")
    assert code == 3
    assert "not proof that there is no care" in out
    assert "The nearest in our data" in out


def test_find_as_json_has_no_rows_where_nothing_is_near(run) -> None:
    code, out, _ = run("find", "59718", "--treatment", "esketamine", "--within", "5min", "--json")
    assert code == 3
    assert json.loads(out)["clinics"] == []


def test_a_course_is_told_for_every_choice_that_fits(run) -> None:
    asked = ["Denver, CO", "-t", "ketamine_iv", "--budget", "3000", "--sort", "cost", "--days", "mon,thu", "--pack"]
    code, out, _ = run("course", *asked, "starter", "--json")
    answer = json.loads(out)
    costs = [row["usd_central"] for row in answer["choices"]]
    assert code == 0
    assert costs == sorted(costs)
    assert all(row["usd_low"] <= 3000 and row["treatment"] == "ketamine_iv" for row in answer["choices"])
    assert {row["part"] for row in answer["hidden"]} >= {"treatment"}
    code, out, _ = run("course", *asked, "starter")
    assert "6 visits over 3 weeks" in out
    assert "988" in out


def test_a_course_that_nothing_fits_says_what_to_give_up(run) -> None:
    code, out, _ = run("course", "Columbus, OH", "-t", "tms", "--days", "fri", "--pack", "starter")
    assert code == 3
    assert "Remove “Friday”" in out
    assert run("course", "Columbus, OH", "--days", "someday")[0] == 2


def test_gaps_as_csv_equal_a_plain_count(run) -> None:
    code, out, _ = run("gaps", "--state", "MT", "--treatment", "ketamine_iv", "--csv", "--pack", "starter")
    table = pd.read_csv(io.StringIO(out))
    pack = load_pack("starter")
    people = pack.people[pack.people["state"] == "MT"].reset_index(drop=True)
    clinics = pack.clinics[pack.clinics["clinic_id"].isin(clinics_offering(pack.services, ["ketamine_iv"]))]
    minutes = minutes_to_nearest(estimate_trips(people, clinics.reset_index(drop=True), landmarks=pack.people))
    far = people.loc[~(minutes.to_numpy() <= 60)].groupby("rurality")["population"].sum()
    found = table[(table["beyond"] == 60) & (table["rurality"] != "all")].set_index("rurality")
    assert code == 0
    assert found["people_beyond"].to_dict() == {name: int(far.get(name, 0)) for name in found.index}
    everyone = table[(table["beyond"] == 60) & (table["rurality"] == "all")].iloc[0]
    assert everyone["people_beyond"] == far.sum()
    assert everyone["people"] == people["population"].sum()


def test_gaps_on_the_national_pack_count_everybody_once(run, national) -> None:
    code, out, _ = run("gaps", "--treatment", "ect", "--json", "--pack", national)
    answer = json.loads(out)
    rows = pd.DataFrame(answer["shares"])
    assert code == 0
    assert set(rows["beyond"]) == {30, 60, 90, 120}
    assert (rows[rows["rurality"] == "all"]["people"] == 334_735_155).all()
    parts = rows[rows["rurality"] != "all"].groupby("beyond")[["people", "people_beyond"]].sum()
    whole = rows[rows["rurality"] == "all"].set_index("beyond")[["people", "people_beyond"]]
    pd.testing.assert_frame_equal(parts, whole, check_names=False)
    assert len(answer["gaps"]) == 4


@pytest.mark.parametrize("by", ["state", "county"])
def test_gaps_by_area_add_up_to_the_nation(run, by) -> None:
    code, out, _ = run("gaps", "-t", "tms", "--by", by, "--beyond", "60", "--json", "--pack", "starter")
    areas = pd.DataFrame(json.loads(out)["areas"])
    whole = pd.DataFrame(
        json.loads(run("gaps", "-t", "tms", "--beyond", "60", "--json", "--pack", "starter")[1])["shares"]
    )
    everyone = whole[whole["rurality"] == "all"].iloc[0]
    assert code == 0
    assert areas[by].is_unique
    assert areas["people"].sum() == everyone["people"]
    assert areas["people_beyond"].sum() == everyone["people_beyond"]


def test_a_limit_named_twice_is_one_column(run) -> None:
    code, out, _ = run("gaps", "-t", "ect", "--beyond", "30,30", "--csv", "--pack", "starter")
    assert code == 0
    assert len(out.splitlines()) == 1 + 5


def test_data_list_names_the_starter_pack(run) -> None:
    code, out, _ = run("data", "list", "--csv")
    assert code == 0
    assert out.splitlines()[1].startswith("starter,")


def test_own_clinics_are_imported_beside_the_pack_s(run, tmp_path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("clinic_id,name,city,state,zip,treatments\nme-1,My clinic,Miles City,MT,59301,ketamine_iv\n")
    assert run("data", "import", str(own), "--name", "mine")[0] == 0
    code, out, _ = run("find", "59301", "-t", "ketamine_iv", "--within", "30min", "--json", "--pack", "mine")
    assert code == 0
    assert [clinic["name"] for clinic in json.loads(out)["clinics"]] == ["My clinic"]
    assert run("data", "import", str(own), "--name", "starter")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["find", "00000"], 1, "no ZIP 00000"),
        (["find", "Springfield"], 1, "Springfield, MO"),
        (["gaps", "--state", "ZZ"], 1, "no state 'ZZ'"),
        (["find", "59718", "--pack", "nowhere"], 1, "no pack named 'nowhere'"),
        (["find", "59718", "--pack", "../up"], 1, "cannot name a pack"),
        (["scenario", "apply", "-t", "ect", "--close", "nope"], 1, "no clinic nope"),
        (["scenario", "apply", "absent.json", "-t", "ect"], 1, "absent.json cannot be read"),
        (["find", "59718", "--within", "far"], 2, "not a time or a distance"),
        (["find", "59718", "--within", "900min"], 2, "up to 240 minutes"),
        (["find", "59718", "--treatment", "leeches"], 2, "'leeches' is not one of"),
        (["find", "59718", "--json", "--csv"], 2, "not both"),
        (["gaps", "--beyond", "a,b"], 2, "not numbers"),
        (["gaps", "--beyond", "30,300"], 2, "up to 240 minutes"),
        (["gaps", "--by", "planet"], 2, "'planet' is not one of"),
        (["gaps", "--beyond", "nan"], 2, "not negative"),
        (["find", "59718", "--within", "5000mi"], 2, "up to 200 miles"),
        (["scenario", "apply", "-t", "ect"], 2, "at least one edit"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_its_exit_code(run, arguments, code, says) -> None:
    ended, out, err = run(*arguments)
    assert ended == code
    assert says in " ".join(err.replace("│", " ").split())
    assert out == ""
    assert "Traceback" not in err


def test_a_damaged_pack_is_one_sentence(run) -> None:
    pack = load_pack("starter")
    folder = pack_folder("broken")
    save_pack(pack, folder)
    (folder / "people.parquet").write_bytes((folder / "people.parquet").read_bytes()[:1000])
    code, _, err = run("gaps", "--pack", "broken")
    assert (code, err.count("\n")) == (1, 1)
    assert "people.parquet is damaged" in err


def test_an_interval_says_its_sentence_and_the_same_seed_gives_the_same(run) -> None:
    asked = (
        "interval",
        "-t",
        "ect",
        "--state",
        "OH",
        "--beyond",
        "60",
        "--draws",
        "200",
        "--json",
        "--pack",
        "starter",
    )
    code, out, _ = run(*asked)
    answer = json.loads(out)
    assert code == 0
    assert "rural people" in answer["statements"][0]
    shares = pd.DataFrame(answer["shares"])
    assert ((shares["low"] <= shares["median"]) & (shares["median"] <= shares["high"])).all()
    assert run(*asked)[1] == out


def test_an_interval_beyond_the_trips_is_refused(run) -> None:
    code, out, err = run("interval", "-t", "ect", "--beyond", "230", "--pack", "starter")
    assert (code, out) == (2, "")
    assert "minutes" in err


@pytest.mark.parametrize("measure", ["two_step", "raam", "expected"])
def test_any_measure_is_told_by_name(run, measure) -> None:
    code, out, _ = run("gaps", "-t", "tms", "--state", "OH", "--measure", measure, "--json", "--pack", "starter")
    rows = pd.DataFrame(json.loads(out)["rows"])
    people = load_pack("starter").people
    assert code == 0
    assert rows.iloc[-1]["rurality"] == "all"
    assert rows.iloc[-1]["people"] == people.loc[people["state"] == "OH", "population"].sum()


def test_gaps_by_own_areas_and_by_hexagon_hold_everybody(run, tmp_path) -> None:
    west = {"type": "Polygon", "coordinates": [[[-117, 44], [-110, 44], [-110, 49.5], [-117, 49.5], [-117, 44]]]}
    feature = {"type": "Feature", "properties": {"name": "West"}, "geometry": west}
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    asked = ("gaps", "-t", "tms", "--state", "MT", "--beyond", "60", "--csv", "--pack", "starter")
    people = load_pack("starter").people.query("state == 'MT'")
    code, out, _ = run(*asked, "--by", "area", "--areas", str(file))
    table = pd.read_csv(io.StringIO(out)).set_index("area")
    assert code == 0
    assert set(table.index) == {"West", "outside every area"}
    assert table.loc["West", "people"] == people.loc[people["longitude"] < -110, "population"].sum()
    hexagons = pd.read_csv(io.StringIO(run(*asked, "--by", "hexagon")[1]))
    assert hexagons["people"].sum() == people["population"].sum()
    assert run(*asked, "--by", "area")[0] == 2


@pytest.fixture
def with_shares() -> str:
    """The starter pack with a share of its people: a tenth, a third in the country; not known in one place."""
    pack = load_pack("starter")
    rural = pack.people["rurality"] == "rural"
    people = pack.people.assign(share_poverty=rural.map({True: 1 / 3, False: 0.1}), moe_poverty=0.05)
    montana = people.index[people["state"] == "MT"]
    people.loc[montana[0], ["share_poverty", "moe_poverty"]] = None
    save_pack(Pack(people, pack.clinics, pack.services, pack.manifest), pack_folder("with-shares"))
    return "with-shares"


def test_subgroups_are_asked_by_rurality_and_the_worst_off_are_told_by_a_share(run, with_shares) -> None:
    asked = ["gaps", "-t", "ketamine_iv", "--state", "MT", "--pack", with_shares]
    rows = json.loads(run(*asked, "--measure", "subgroups", "--beyond", "60", "--json")[1])["rows"]
    found = {row["rurality"]: row for row in rows}
    assert [row["rurality"] for row in rows][-1] == "all"
    assert found["rural"]["people"] == pytest.approx(found["rural"]["people_rest"] / 2, abs=1)
    assert sum(found[name]["people"] for name in found) == pytest.approx(2 * found["all"]["people"], abs=5)
    assert found["all"]["difference"] > 0 < found["all"]["people_unknown"]
    assert found["all"]["low"] < found["all"]["share_beyond"] < found["all"]["high"]
    poor = ["--measure", "concentration", "--rank-by", "share_poverty", "--poorest", "high", "--by", "state", "--json"]
    (row,) = json.loads(run(*asked, *poor)[1])["rows"]
    assert row["concentration"] < 0, "the poor travel longer"
    assert row["people_unknown"] == found["all"]["people_unknown"]
    assert "where it is not known are in none of these" in " ".join(run(*asked, "--measure", "subgroups")[1].split())
    code, _, said = run(*asked[:-1], "starter", "--measure", "subgroups")
    assert (code, said.count("\n")) == (1, 1)
    assert "trd-access data shares --year 2024" in said


@pytest.mark.parametrize("name", OTHER_MEASURES)
def test_every_measure_is_asked_by_name(run, with_shares, name) -> None:
    more = ["--payer", "medicaid", "--rank-by", "population", "--adult-share", "0.77"] if name in SUMMARIES else []
    treatment = "esketamine" if name in ("uptake", "starts_lost") else "ketamine_iv"
    code, out, said = run(
        "gaps", "-t", treatment, "--state", "MT", "--measure", name, "--pack", with_shares, "--json", *more
    )
    assert code == 0, said
    answer = json.loads(out)
    assert answer["measure"] == name
    assert answer["unit"]
    assert len(answer["rows"]) >= 1
    assert run("gaps", "-t", treatment, "--state", "MT", "--measure", name, "--pack", with_shares, *more)[0] == 0


def test_demand_supply_and_decay_are_chosen_and_said(run) -> None:
    asked = ["gaps", "-t", "tms", "--state", "OH", "--measure", "gravity_competition", "--pack", "starter"]
    rows = json.loads(run(*asked, "--json")[1])["rows"]
    plain = rows[-1]["mean"]
    adults = json.loads(run(*asked, "--demand", "trd_central", "--adult-share", "0.77", "--json")[1])
    assert adults["rows"][-1]["mean"] == pytest.approx(plain / (0.77 * 0.0115), rel=0.01)
    smooth = json.loads(run(*asked, "--decay", "gaussian:15", "--json")[1])
    assert smooth["decay"] == "gaussian:15"
    assert (smooth["reach_minutes"], smooth["max_minutes"]) == (60, 240)
    assert "reach no clinic within 240 minutes" in " ".join(run(*asked)[1].split())
    assert smooth["rows"][0]["mean"] != rows[0]["mean"]
    # Another curve shares out the same supply elsewhere: the mean of all the nation stays.
    nation = [word for word in asked if word not in ("--state", "OH")]
    whole = [json.loads(run(*nation, *more, "--json")[1])["rows"][-1] for more in ([], ["--decay", "gaussian:15"])]
    assert whole[0]["mean"] == pytest.approx(whole[1]["mean"], rel=0.01)
    assert "does not count adults" in run(*asked, "--demand", "adults")[2]
    assert run(*asked, "--decay", "nonsense")[0] == 2
    assert "Courses a month are not known" in run(*asked, "--supply", "courses")[2]


@pytest.mark.parametrize(
    ("wrong", "code", "sentence"),
    [
        (["--measure", "payer"], 1, "name it, such as --payer medicaid"),
        (["--measure", "payer", "--payer", "blue"], 2, "blue"),
        (["--measure", "poverty", "--unit", "miles"], 2, "Only the measure nearest is counted in miles"),
        (["--measure", "concentration", "--rank-by", "income"], 1, "has no column income"),
        (["--measure", "adequacy", "--standard", "nofile.csv"], 1, "nofile.csv cannot be read"),
        (["--measure", "gravity", "--decay", "exponential:-1"], 2, "rate_per_minute is -1.0"),
        (["--measure", "starts_lost"], 1, "ask for esketamine"),
    ],
)
def test_what_a_measure_cannot_answer_is_one_sentence(run, wrong, code, sentence) -> None:
    found, out, said = run("gaps", "-t", "tms", "--state", "OH", "--pack", "starter", *wrong)
    assert (found, out) == (code, ""), said
    assert sentence in " ".join(said.replace("│", " ").split())
    assert "Traceback" not in said


def test_a_state_s_catchments_count_those_who_ask_from_beyond_its_border(run) -> None:
    asked = ["gaps", "-t", "ect", "--measure", "two_step", "--by", "state", "--csv"]
    nation = pd.read_csv(io.StringIO(run(*asked)[1])).set_index("state")
    state = pd.read_csv(io.StringIO(run(*asked, "--state", "NJ")[1])).set_index("state")
    pd.testing.assert_series_equal(state.loc["NJ"], nation.loc["NJ"])
