"""What is taken away: every format holds the same rows, small cells are left out, each column is explained."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pytest

from access.documents.layer_files import data_dictionary, layer_file, layer_file_table
from access.documents.pictures import layer_map, layer_shapes
from access.maps.choropleth import hexagon_layer
from access.places.hexagons import hexagons_of
from access.places.outlines import load_outlines
from access.places.pack import load_pack
from access.questions.area_layer import AreaLayer, area_layer, hexagons_to_show
from access.questions.gaps import treatment_trips
from access.questions.view import View, place_values
from access.words.small_cells import safe_count, suppress_small_cells
from access.words.view import layer_labels, layer_table

ABOUT = {"pack": "starter", "built_on": "2026-11-25", "people_by": "modelled_point", "method": "estimate"}


@pytest.fixture(scope="module")
def layers() -> dict[str, AreaLayer]:
    pack, view = load_pack("starter"), View(("ect",))
    trips = treatment_trips(pack.people, pack.clinics, pack.services, view.treatments)
    values = place_values(trips, pack.people, pack.services, view)
    people = pack.people[pack.people["state"] == "AK"].reset_index(drop=True)
    counties = load_outlines()[1]
    return {by: area_layer(values, people, view, by, counties, state="AK") for by in ("county", "hexagon")}


@pytest.mark.parametrize("by", ["county", "hexagon"])
def test_every_format_holds_the_same_rows(layers: dict[str, AreaLayer], by: str, tmp_path: Path) -> None:
    layer, counties = layers[by], load_outlines()[1]
    packed = layer_file(".zip", layer, ABOUT, counties, "trd-access layer --state AK")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    table = pd.read_csv(tmp_path / "access_by_area.csv", dtype={by: str})
    assert len(table) == len(layer.table)
    assert b"trd-access layer --state AK" in (tmp_path / "README.txt").read_bytes()
    read = {
        "geojson": gpd.read_file(tmp_path / "access_by_area.geojson"),
        "gpkg": gpd.read_file(tmp_path / "access_by_area.gpkg"),
        "parquet": gpd.read_parquet(tmp_path / "access_by_area.parquet"),
    }
    for name, shapes in read.items():
        assert shapes[by].tolist() == table[by].tolist(), name
        assert shapes.crs.to_epsg() == 4326
        for column in ("people", "people_beyond", "value"):
            np.testing.assert_allclose(shapes[column].astype(float), table[column].astype(float), err_msg=name)
        assert not shapes.geometry.isna().any()
    told = pd.read_csv(tmp_path / "dictionary.csv")
    assert told["column"].tolist() == [*table.columns, "geometry"]
    assert told["meaning"].str.len().min() > 3


def test_a_file_alone_is_what_stands_in_the_archive(layers: dict[str, AreaLayer]) -> None:
    counties = load_outlines()[1]
    rows = json.loads(layer_file(".geojson", layers["county"], ABOUT, counties, ""))["features"]
    assert len(rows) == len(layers["county"].table)
    assert rows[0]["properties"]["is_estimate"] is True
    assert set(data_dictionary(layer_file_table(layers["county"], ABOUT))["type"]) <= {
        *("text", "number", "whole number", "true or false", "polygons"),
    }


def test_counts_of_1_to_10_people_and_what_gives_them_away_are_left_out() -> None:
    table = pd.DataFrame(
        {
            "county": ["a", "b", "c", "d", "e", "f"],
            "people": [1000, 1000, 1000, 10, 1000, 0],
            "people_beyond": [11, 10, 990, 10, 0, 0],
            "value": [1.1, 1.0, 99.0, 100.0, 0.0, np.nan],
        }
    )
    found = suppress_small_cells(table)
    assert found["is_suppressed"].tolist() == [False, True, True, True, False, False]
    assert found["people_beyond"].isna().tolist() == [False, True, True, True, False, False]
    assert found["people"].isna().tolist() == [False, False, False, True, False, False]
    assert found["value"].isna().tolist() == [False, True, True, True, False, True]
    assert [safe_count(number) for number in (0, 1, 10, 11, 1234.4)] == ["0", *["fewer than 11"] * 2, "11", "1,234"]
    assert table["people_beyond"].tolist() == [11, 10, 990, 10, 0, 0], "the table given is not changed"


def test_a_few_who_reach_none_are_left_out_of_every_view(layers: dict[str, AreaLayer]) -> None:
    layer = layers["county"]
    table = layer.table.head(2).assign(people=1000, people_beyond=[900.0, 500.0], people_unreached=[5, 500], value=50.0)
    shown = layer_file_table(replace(layer, table=table), ABOUT)
    assert shown["people_unreached"].isna().tolist() == [True, False]
    assert shown["people_beyond"].tolist() == [900, 500], "what does not give them away stays"
    without = table.assign(people_beyond=np.nan)
    shown = layer_file_table(replace(layer, table=without), ABOUT)
    assert shown["people_beyond"].isna().all()
    assert shown["value"].isna().tolist() == [True, False]
    assert shown["is_suppressed"].tolist() == [True, False]


def test_hexagons_hold_everybody_and_are_no_more_than_their_share_of_the_map(layers: dict[str, AreaLayer]) -> None:
    layer, people = layers["hexagon"], load_pack("starter").people
    alaska = people[people["state"] == "AK"]
    assert layer.table["people"].sum() == alaska["population"].sum()
    whole, sized = (layer_shapes(layer, load_outlines()[1], sized=one).geometry for one in (False, True))
    ratio = np.sqrt(sized.to_crs("EPSG:3338").area / whole.to_crs("EPSG:3338").area)
    steps = [
        0.3 if one < 100 else 0.5 if one < 1000 else 0.7 if one < 10_000 else 0.92 for one in layer.table["people"]
    ]
    np.testing.assert_allclose(ratio, steps, rtol=0.01)
    cells, resolution = hexagons_to_show(people)
    assert resolution == 4 or cells.nunique() <= 2_500
    assert (cells == hexagons_of(people, resolution)).all()


def test_the_map_is_sent_cells_that_come_back_whole_in_order_with_their_classes(layers: dict[str, AreaLayer]) -> None:
    layer = layers["hexagon"]
    labels, template = layer_labels(layer)
    codes, edges = layer.codes, [1, 10, 25, 50, 75, 90]
    how = {"edges": edges, "labels": labels, "template": template, "noun": "Hexagon"}
    content = hexagon_layer(codes["value"], codes["people"], **how).content
    cells = [content["prefix"] + one + content["suffix"] for one in content["cells"].split(" ")]
    assert cells == sorted(codes.index)
    assert all(h3.is_valid_cell(cell) for cell in cells)
    by_hand = ["x" if v != v else str(sum(v > edge for edge in edges)) for v in codes["value"].reindex(cells)]
    assert content["classes"] == "".join(by_hand)
    share = codes["people_beyond"] / codes["people"]
    first = content["columns"][0].split("|")
    assert [float(one) for one, s in zip(first, share.reindex(cells), strict=True) if s == 1] == [100.0] * (
        share == 1
    ).sum()
    one = codes.index[0]
    single = hexagon_layer(
        codes["value"][[one]], codes["people"][[one]], **{**how, "labels": labels.loc[[one]]}
    ).content
    assert single["prefix"] + single["cells"] + single["suffix"] == one
    with pytest.raises(ValueError, match="same hexagons"):
        hexagon_layer(codes["value"], codes["people"], **{**how, "labels": labels.iloc[1:]})


def test_the_table_says_what_the_map_shows_worst_first(layers: dict[str, AreaLayer]) -> None:
    layer = layers["county"]
    table = layer_table(layer)
    assert len(table) == len(layer.table)
    assert table["area"].iloc[0] in layer.table.loc[layer.table["value"] == layer.table["value"].max(), "name"].tolist()
    assert set(table["state"]) == {"Alaska"}
    assert layer_map(layer, *load_outlines()).count("<path id=") + 5 > len(layer.table)


def test_the_command_writes_data_and_pictures_and_refuses_the_rest_in_a_sentence(run, tmp_path: Path) -> None:
    out = tmp_path / "mt.csv"
    asked = ["layer", "--state", "MT", "-t", "ect", "--beyond", "90", "--out", str(out)]
    assert run(*asked)[0] == 0
    _, by_county, _ = run("gaps", "--state", "MT", "-t", "ect", "--beyond", "90", "--by", "county", "--csv")
    told = pd.read_csv(io.StringIO(by_county), dtype={"county": str}).set_index("county")
    got = pd.read_csv(out, dtype={"county": str}).set_index("county")
    clear = got[~got["is_suppressed"]]
    assert len(clear) > 40
    assert (clear["people_beyond"] == told.loc[clear.index, "people_beyond"]).all()
    for suffix, magic in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".gpkg", b"SQLite")):
        assert run(*asked[:-1], str(tmp_path / f"mt{suffix}"))[0] == 0
        assert (tmp_path / f"mt{suffix}").read_bytes().startswith(magic)
    assert run("layer", "--out", str(tmp_path / "mt.xls"))[0] == 2
    code, _, err = run("layer", "--show", "starts_lost", "--out", str(out))
    assert (code, "esketamine alone" in err) == (1, True)
    code, _, err = run("layer", "--out", str(tmp_path / "no" / "folder.csv"))
    assert (code, err.count("\n")) == (1, 1)
    code, _, err = run("layer", "--state", "MT", "--county", "30001", "--out", str(out))
    assert (code, "Choose one of" in err) == (2, True)
    assert run("layer", "--county", "30001", "--county", "30003", "--by", "county", "--out", str(out))[0] == 0
    assert len(pd.read_csv(out)) == 2
