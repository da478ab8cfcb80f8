"""Small worlds for tests: `valley`, whose answers are worked by pencil, and random ones for oracles."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.places.pack import Manifest, Pack, SourceRecord, load_pack
from access.tables import CLINICS, SERVICES
from access.travel.mode import Mode
from access.travel.trips import Trips

_KM_PER_DEGREE = 111.19508  # of latitude, on a sphere of 6371.0088 km
HOME = (45.0, -110.0)


def trips_from(rows: dict[str, dict[str, float]], clinics: list[str], *, max_minutes: float = 240.0) -> Trips:
    """Trips from `{place: {clinic: minutes}}`; km equal minutes, so that either can be read by pencil."""
    indptr, index, minutes = [0], [], []
    for reached in rows.values():
        for clinic, cost in sorted(reached.items(), key=lambda pair: pair[1]):
            index.append(clinics.index(clinic))
            minutes.append(cost)
        indptr.append(len(index))
    return Trips(
        places=pd.Index(list(rows), name="geoid"),
        clinics=pd.Index(clinics, name="clinic_id"),
        indptr=np.array(indptr, np.int64),
        clinic_index=np.array(index, np.int32),
        minutes=np.array(minutes, np.float32),
        km=np.array(minutes, np.float32),
        modes=(Mode("by hand"),),
        max_minutes=max_minutes,
    )


def valley_people() -> pd.DataFrame:
    """Five places of one valley: a city of two, a town, a ranch that reaches nothing, an empty forest."""
    return pd.DataFrame(
        {
            "geoid": ["city_a", "city_b", "town", "ranch", "forest"],
            "latitude": [45.0, 45.1, 45.5, 46.5, 46.0],
            "longitude": [-110.0, -110.0, -110.0, -110.0, -110.0],
            "population": [500, 300, 150, 50, 0],
            "adults": [400.0, 240.0, 120.0, 40.0, 0.0],
            "state": ["MT", "MT", "MT", "WY", "WY"],
            "county": ["30001", "30001", "30003", "56001", "56001"],
            "rurality": ["urban", "urban", "small_town", "rural", "rural"],
            "rurality_scheme": ["by hand"] * 5,
        }
    )


def valley_trips() -> Trips:
    """East clinic beside city_a (0 minutes), West clinic; the ranch reaches neither."""
    return trips_from(
        {
            "city_a": {"east": 0.0, "west": 30.0},
            "city_b": {"east": 10.0, "west": 20.0},
            "town": {"west": 60.0, "east": 90.0},
            "ranch": {},
            "forest": {"west": 120.0},
        },
        ["east", "west"],
    )


def random_world(seed: int, places: int = 40, clinics: int = 9) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People and clinics scattered over a few degrees of Montana, some places empty, some on one spot."""
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "geoid": [f"p{i:03d}" for i in range(places)],
            "latitude": rng.uniform(44.5, 48.9, places).round(3),
            "longitude": rng.uniform(-115.0, -105.0, places).round(3),
            "population": rng.choice([0, 1, 10, 250, 4000], places),
            "adults": np.nan,
            "state": rng.choice(["MT", "ID"], places),
            "county": rng.choice(["30001", "30003", "16001"], places),
            "rurality": rng.choice(["urban", "large_town", "small_town", "rural", "not_coded"], places),
            "rurality_scheme": "random",
        }
    )
    spots = pd.DataFrame(
        {
            "clinic_id": [f"c{i}" for i in range(clinics)],
            "latitude": rng.uniform(44.5, 48.9, clinics).round(3),
            "longitude": rng.uniform(-115.0, -105.0, clinics).round(3),
        }
    )
    spots.loc[0, ["latitude", "longitude"]] = people.loc[0, ["latitude", "longitude"]].to_numpy()
    return people, spots


def random_trips(seed: int, places: int = 12, clinics: int = 6) -> tuple[Trips, "pd.Series[float]", "pd.Series[float]"]:
    """Trips with ties, zeros and unreached places and clinics; demand by place (some zero); supply by clinic."""
    rng = np.random.default_rng(seed)
    minutes = rng.integers(0, 13, (places, clinics)) * 10.0
    reached = (rng.random((places, clinics)) < 0.6) & (rng.random(places) < 0.85)[:, None]
    names = [f"c{j}" for j in range(clinics)]
    rows = {f"p{i}": {names[j]: minutes[i, j] for j in range(clinics) if reached[i, j]} for i in range(places)}
    demand = pd.Series(rng.choice([0.0, 1.0, 10.0, 250.0, 4000.0], places), index=list(rows), name="demand")
    supply = pd.Series(rng.choice([0.5, 1.0, 2.0, 10.0], clinics), index=names, name="supply")
    return trips_from(rows, names, max_minutes=120.0), demand, supply


def dense_minutes(trips: Trips) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """The minutes as a full matrix of places by clinics, infinity where out of reach: for oracles only."""
    matrix = np.full((len(trips.places), len(trips.clinics)), np.inf)
    row = np.repeat(np.arange(len(trips.places)), np.diff(trips.indptr))
    matrix[row, trips.clinic_index] = trips.minutes
    return matrix


def _clinic(clinic_id: str, km_north: float, **facts: object) -> dict[str, object]:
    return {
        "clinic_id": clinic_id,
        "name": clinic_id.title(),
        "state": "MT",
        "latitude": HOME[0] + km_north / _KM_PER_DEGREE,
        "longitude": HOME[1],
        "location_precision": "rooftop",
        **facts,
    }


def _service(clinic_id: str, treatment: str, **facts: object) -> dict[str, object]:
    row = {"clinic_id": clinic_id, "treatment": treatment, "payers_accepted": "", "payers_refused": "", "source": "us"}
    return {**row, **facts}


def _table(rows: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows).reindex(columns=columns)


def care_pack() -> Pack:
    """A rural home; 20 km north a clinic of two treatments; 100 km north ECT; 1,000 km away esketamine."""
    people = pd.DataFrame(
        [
            {"geoid": "home", "latitude": HOME[0], "longitude": HOME[1], "population": 9, "adults": np.nan}
            | {"state": "MT", "county": "30031", "rurality": "rural", "rurality_scheme": "by hand"}
        ]
    )
    clinics = [
        _clinic("near", 20, telehealth=True, speaks_spanish=True),
        _clinic("far", 100, setting="hospital"),
        _clinic("remote", 1000, phone="555"),
    ]
    services = [
        _service("near", "ketamine_iv", seen_date="2026-10-01"),
        _service("near", "tms", payers_accepted="medicaid", seen_date="2024-01-01"),
        _service("near", "tms", payers_accepted="va", source="them"),
        _service("far", "ect", payers_refused="medicaid", price_usd=100.0),
        _service("remote", "esketamine"),
    ]
    columns = list(CLINICS.columns)
    manifest = Manifest(name="own", title="Own", origin_unit="home", built_on="2026-11-25", code_version="0")
    return Pack(
        people,
        _table(clinics, columns),
        _table(services, list(SERVICES.columns)),
        manifest,
    )


def hostile_pack(texts: Sequence[str], *, latitude: float, longitude: float) -> Pack:
    """The starter's people, and near a point one clinic for each text, which stands in every field that can hold it."""
    starter = load_pack("starter")
    count = len(texts)
    clinics = pd.DataFrame(
        {
            **dict.fromkeys(("name", "address", "city", "phone", "website"), texts),
            "clinic_id": [f"h{row}{text}" for row, text in enumerate(texts)],
            "state": texts,
            "zip": None,
            "latitude": latitude + 0.05 * np.arange(count),
            "longitude": longitude + 0.05 * (np.arange(count) % 4),
            "location_precision": "rooftop",
            "setting": None,
        }
    )
    services = pd.DataFrame(
        {
            "clinic_id": clinics["clinic_id"],
            "treatment": "ketamine_iv",
            "payers_accepted": "medicare",
            "payers_refused": "",
            "price_usd": 1e6,
            "rems_certified": None,
            "capacity_per_week": 1e6,
            **dict.fromkeys(("source", "source_url", "checked_on", "note"), texts),
            "seen_date": "0001",
        }
    )
    source = {name: " ".join(texts) for name in SourceRecord.model_fields} | {"size_bytes": 1, "rows": 1}
    said = {"title": " ".join(texts), "built_on": texts[0], "notes": list(texts), "sources": [source]}
    manifest = Manifest(name="hostile", origin_unit="place", code_version=texts[1], **said)
    return Pack(starter.people, clinics, services, manifest)
