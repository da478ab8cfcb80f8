"""`trd-access data import` and `template`: all or nothing, and every refused row in a file."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from access.places.pack import load_pack, pack_folder, pack_names
from tests.killing import killed

Run = Callable[..., tuple[int, str, str]]
GOOD = "name,city,state,zip,treatments\nAlpha,Bozeman,MT,59718,tms\n"
BAD = GOOD + "Beta,Bozeman,MT,59718,leeches\n=1+1,Bozeman,MT,59718,\n"

# Adds the list whose path stands in `folder` to the pack `mine`.
IMPORTING = """
from datetime import date
from pathlib import Path

from access.places.directory.own_list import import_clinics
from access.places.directory.own_list import read_own_list
from access.places.pack import load_pack

def act():
    pack = load_pack("mine", as_built=True)
    import_clinics(read_own_list(Path(folder), today=date(2026, 11, 29)), pack, "mine")
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(BAD)
    return path


def test_one_refused_row_imports_nothing_and_leaves_what_stood_there(run: Run, own: Path, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    assert run("data", "import", str(tmp_path / "good.csv"), "--name", "mine", "--pack", "starter")[0] == 0
    before = {path.name: path.read_bytes() for path in pack_folder("mine").iterdir()}
    code, out, err = run("data", "import", str(own), "--name", "mine", "--pack", "starter")
    assert code == 1
    assert "leeches" in out
    assert "own.csv: 2 of 3 rows are refused, so nothing is imported. The first is row 3, treatments:" in err
    assert {path.name: path.read_bytes() for path in pack_folder("mine").iterdir()} == before


def test_refused_rows_are_left_out_when_asked_and_counted(run: Run, own: Path) -> None:
    code, out, _ = run(
        "data", "import", str(own), "--name", "mine", "--pack", "starter", "--alone", "--leave-out-refused"
    )
    assert code == 0
    assert "1 rows of own.csv among them; 2 refused rows left out" in out
    pack = load_pack("mine")
    assert pack.clinics["name"].tolist() == ["Alpha"]
    assert pack.manifest.notes[-1] == "1 clinics were imported from own.csv alone; 2 refused rows were left out."


def test_every_fault_is_written_to_a_file_in_which_nothing_is_a_formula(run: Run, own: Path, tmp_path: Path) -> None:
    own.write_text(BAD + '"=HYPERLINK(""https://evil.example"")",Bozeman,@SUM(1),+cmd|x,-2+3\n')
    out = tmp_path / "refused.csv"
    assert run("data", "import", str(own), "--pack", "starter", "--refused", str(out))[0] == 0
    table = pd.read_csv(out, keep_default_na=False)
    assert table["row"].tolist() == [3, 4, 5, 5, 5]
    assert {"'@SUM(1)", "'+cmd|x", "'-2+3"} <= set(table["value"])
    assert pack_names() == ["starter"], "without a name the list is only looked at"


def test_killed_at_many_moments_an_import_leaves_the_pack_as_it_was_or_whole(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    assert run("data", "import", str(tmp_path / "good.csv"), "--name", "mine", "--pack", "starter", "--alone")[0] == 0
    (tmp_path / "more.csv").write_text(GOOD + "Beta,Billings,MT,59101,ect\n")
    found = [len(load_pack("mine").clinics) for _ in killed(IMPORTING, tmp_path / "more.csv", stride=5)]
    assert len(found) > 5
    assert set(found) == {1, 2}
    assert found == sorted(found)
    assert len(load_pack("mine").clinics) == 2


def test_nothing_is_left_to_import_when_every_row_is_refused(run: Run, own: Path) -> None:
    own.write_text("name,city,state,zip,treatments\nBeta,Bozeman,MT,59718,leeches\n")
    code, _, err = run("data", "import", str(own), "--name", "mine", "--pack", "starter", "--leave-out-refused")
    assert code == 1
    assert "1 of 1 rows are refused" in err
    assert pack_names() == ["starter"]


def test_a_template_is_written_and_its_example_is_never_imported(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new" / "template.csv"
    assert run("data", "template", str(path))[0] == 0
    code, _, err = run("data", "import", str(path), "--name", "mine", "--pack", "starter")
    assert code == 1
    assert "it is the example of the template" in err


@pytest.mark.parametrize("file", ["absent.csv", ".", "/dev/zero"])
def test_what_is_no_file_is_one_sentence(run: Run, tmp_path: Path, file: str) -> None:
    code, _, err = run("data", "import", str(tmp_path / file), "--name", "mine", "--pack", "starter")
    assert code == 1
    assert "is no file. Check its name." in err


def test_a_list_that_is_mended_says_anew_what_it_said(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("id,name,city,state,zip,treatments,phone\nmine-1,Alpha,Miles City,MT,59301,tms,406-555-0100\n")
    assert run("data", "import", str(own), "--name", "mine", "--pack", "starter")[0] == 0
    count = len(load_pack("mine").clinics)
    own.write_text("id,name,city,state,zip,treatments,phone\nmine-1,Alpha,Miles City,MT,59301,tms,406-555-0199\n")
    assert run("data", "import", str(own), "--name", "mine", "--pack", "mine")[0] == 0
    clinics = load_pack("mine").clinics.set_index("clinic_id")
    assert (len(clinics), clinics.at["mine-1", "phone"]) == (count, "406-555-0199")


def test_an_id_of_the_pack_s_own_clinics_is_refused_unless_the_list_stands_alone(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("id,name,city,state,zip,treatments\nst-me-001,Alpha,Miles City,MT,59301,tms\n")
    code, _, err = run("data", "import", str(own), "--name", "mine", "--pack", "starter")
    assert code == 1
    assert "have this clinic_id already" in err
    assert run("data", "import", str(own), "--name", "mine", "--pack", "starter", "--alone")[0] == 0
    assert load_pack("mine").clinics["clinic_id"].tolist() == ["st-me-001"]
