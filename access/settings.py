"""What a person or a machine may set, read from the environment each time it is asked for."""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Final

import platformdirs
from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROADS: Final = "roads"  # of the data folder, so that no pack may have this name
_CENTERS: Final = "https://www2.census.gov/geo/docs/reference/cenpop2020"
_ACS: Final = "https://www2.census.gov/programs-surveys/acs/summary_file/{year}/table-based-SF/data/5YRData"
_SAMHSA: Final = "https://www.samhsa.gov/data"
# Publishers move their files: each name here is overridden by TRD_ACCESS_URL_<NAME>. Where several
# addresses stand, the first that is there is taken.
_ADDRESSES: Final[dict[str, tuple[str, ...]]] = {
    "block_groups": (f"{_CENTERS}/blkgrp/CenPop2020_Mean_BG.txt",),
    "tracts": (f"{_CENTERS}/tract/CenPop2020_Mean_TR.txt",),
    "counties": (f"{_CENTERS}/county/CenPop2020_Mean_CO.txt",),
    "ruca": ("https://www.ers.usda.gov/media/5443/2020-rural-urban-commuting-area-codes-census-tracts.csv",),
    "rucc": ("https://www.ers.usda.gov/media/5768/2023-rural-urban-continuum-codes.csv",),
    # With the year, and the table in small letters.
    "acs_table": (f"{_ACS}/acsdt5y{{year}}-{{table}}.dat",),
    "acs_api": ("https://api.census.gov/data/{year}/acs/acs5",),
    "geocoder": ("https://geocoding.geo.census.gov/geocoder/locations/onelineaddress",),
    "geocoder_batch": ("https://geocoding.geo.census.gov/geocoder/locations/addressbatch",),
    "overpass": ("https://overpass-api.de/api/interpreter",),
    # With the name of a state.
    "geofabrik": ("https://download.geofabrik.de/north-america/us/{name}-latest.osm.pbf",),
    # Asked only where an engine "ors" is named without an address.
    "openrouteservice": ("https://api.openrouteservice.org",),
    # With the version, the year, the state (two digits) and the part (from 0).
    "opentimes": (
        "https://data.opentimes.org/times/version={version}/mode=car/year={year}/geography=tract/state={state}/"
        "times-{version}-car-{year}-tract-{state}-{part}.parquet",
    ),
    # The catalogue that knows where each year's data stand; and the NPI registry.
    "medicare": ("https://data.cms.gov/data.json",),
    "nppes": ("https://npiregistry.cms.hhs.gov/api/",),
    "findtreatment": ("https://findtreatment.gov/locator/exportsAsJson/v2",),
    "samhsa": (
        f"{_SAMHSA}/national-directory-mh-facilities-2024.xlsx",
        f"{_SAMHSA}/sites/default/files/reports/rpt57010/2025_MH_Facilities_for_All_City_All.xlsx",
    ),
}


def _user_data_folder() -> Path:
    return Path(platformdirs.user_data_dir("trd-access", appauthor=False))


def _addresses_from_environment(name: str) -> tuple[str, ...]:
    return tuple(os.environ.get(f"TRD_ACCESS_URL_{name.upper()}", "").split())


def _parse_flag(text: object) -> bool | None:
    """Whatever is not plainly yes is no, so that a slip opens nothing; None: nothing is said."""
    said = "" if text is None else str(text).strip().lower()
    return said in ("1", "yes", "true", "on") if said else None


def _none_if_blank(text: object) -> object:
    return None if isinstance(text, str) and not text.strip() else text


def _strip(text: object) -> object:
    return text.strip() if isinstance(text, str) else text


Text = Annotated[str | None, BeforeValidator(_none_if_blank)]
Secret = Annotated[SecretStr | None, BeforeValidator(_none_if_blank), BeforeValidator(_strip)]


class Settings(BaseSettings):
    """Where packs live and where bytes come from.

    `data_folder`: users' packs, `TRD_ACCESS_DATA` or the platform's own place.
    `mirror`: a folder or `http://` base in which `https://HOST/PATH` is found as `HOST/PATH`,
    `TRD_ACCESS_MIRROR`; None: the publishers themselves.
    `pack`: the pack to ask where none is named, `TRD_ACCESS_PACK`.
    `census_key`: the key for the Census API, `TRD_ACCESS_CENSUS_KEY`; None: the survey is read from its files.
    `ors_key`: the key for openrouteservice, `TRD_ACCESS_ORS_KEY`.
    `opentimes_version`, `opentimes_year`: which of OpenTimes' tables are read, `TRD_ACCESS_OPENTIMES_VERSION` and
    `TRD_ACCESS_OPENTIMES_YEAR`.
    `store`: where scenarios are kept, an SQLAlchemy URL or the path of an SQLite file, `TRD_ACCESS_STORE`;
    None: `scenarios.sqlite` in the data folder. A URL may hold a password, so it is a secret.
    `author`: who saves a scenario, `TRD_ACCESS_AUTHOR`; None: the login name.
    `roads`: the road network, or engine, that drives go along where none is named, `TRD_ACCESS_ROADS`; None: none.
    `keeper`: whether a visitor of the app may change its data, `TRD_ACCESS_KEEPER` (1 or 0); None: whoever sits at
    the machine itself may.
    `addresses`: `TRD_ACCESS_URL_SAMHSA` (and so on, several parted by spaces) overrides those of `samhsa`.
    """

    model_config = SettingsConfigDict(
        env_prefix="TRD_ACCESS_", env_ignore_empty=True, str_strip_whitespace=True, frozen=True
    )

    data_folder: Path = Field(default_factory=_user_data_folder, validation_alias="TRD_ACCESS_DATA")
    mirror: Text = None
    pack: Text = None
    census_key: Secret = None
    ors_key: Secret = None
    opentimes_version: str = "0.0.1"
    opentimes_year: str = "2024"
    store: Secret = None
    author: Text = None
    roads: Text = None
    keeper: Annotated[bool | None, BeforeValidator(_parse_flag)] = None

    @field_validator("opentimes_version", "opentimes_year")
    @classmethod
    def _usual_if_blank(cls, text: str, about: ValidationInfo) -> str:
        return text or str(cls.model_fields[about.field_name or ""].default)

    @property
    def roads_folder(self) -> Path:
        """Where road networks live, a folder each."""
        return self.data_folder / ROADS

    @property
    def addresses(self) -> dict[str, tuple[str, ...]]:
        """For each file, the addresses to try in turn."""
        return {name: _addresses_from_environment(name) or usual for name, usual in _ADDRESSES.items()}


def settings() -> Settings:
    """The settings of this moment."""
    return Settings()


def starter_folder() -> Path:
    """The folder of the starter pack that ships: in an installed package, else in the checkout."""
    installed = Path(__file__).parent / "starter"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data" / "starter"


def code_version() -> str:
    """The version of this library as manifests state it; "checkout" where it is not installed."""
    try:
        return version("trd-access")
    except PackageNotFoundError:
        return "checkout"
