"""`trd-access scenario` in the terminal: edits applied, saved, read again, compared."""

import json

import pandas as pd


def test_scenario_adds_and_closes_and_saves_what_it_did(run, tmp_path) -> None:
    saved = tmp_path / "plan.json"
    code, out, _ = run(
        "scenario",
        "apply",
        "-t",
        "ect",
        "--add",
        "Miles City, MT",
        "--close",
        "st-me-001",
        "--json",
        "--save",
        str(saved),
    )
    rows = pd.DataFrame(json.loads(out)["rows"]).set_index("rurality")
    assert code == 0
    assert rows.loc["all", "people_gained"] > 0
    assert rows.loc["all", "people_lost"] > 0
    change = rows["people_beyond_after"] - rows["people_beyond_before"]
    assert (change == rows["people_lost"] - rows["people_gained"]).all()
    again = run("scenario", "apply", str(saved), "-t", "ect", "--json")
    assert json.loads(again[1])["rows"] == json.loads(out)["rows"]
    more = run("scenario", "apply", str(saved), "-t", "ect", "--add", "Havre, MT", "--json")
    assert [edit["clinic_id"] for edit in json.loads(more[1])["scenario"]["edits"]] == ["st-me-001", "new-1", "new-2"]


def test_scenarios_are_compared_and_told_by_payer_state_and_county(run, tmp_path) -> None:
    for number, town in enumerate(("Miles City, MT", "Havre, MT")):
        saved = str(tmp_path / f"{number}.yaml")
        run("scenario", "apply", "-t", "ect", "--state", "MT", "--add", town, "--save", saved)
    both = [str(tmp_path / f"{number}.yaml") for number in range(2)]
    code, out, _ = run("scenario", "compare", "-t", "ect", "--state", "MT", "--json", *both)
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [row["scenario"] for row in rows] == ["as now", "scenario", "scenario"]
    for number, path in enumerate(both, 1):
        alone = json.loads(run("scenario", "apply", path, "-t", "ect", "--state", "MT", "--json")[1])["rows"][-1]
        assert rows[number]["people_gained"] == alone["people_gained"] > 0
        for by in ("state", "county"):
            out = run("scenario", "apply", path, "-t", "ect", "--state", "MT", "--json", "--by", by)[1]
            parts = pd.DataFrame(json.loads(out)["rows"])
            assert parts["people_gained"].sum() == alone["people_gained"]
    said = run("scenario", "compare", "-t", "ect", "--state", "MT", *both)[1]
    assert "people within 60 minutes" in said
    said = run("scenario", "apply", both[0], "-t", "ect", "--state", "MT", "--by", "payer")[1]
    assert "Medicaid" in said
    assert run("scenario", "compare", "-t", "ect", *both, *both, both[0])[0] == 2
    assert run("scenario", "compare", "-t", "ect", "--within", "50mi", *both)[0] == 2
