"""Small controls that pages share: downloads, names of clinics."""

import mimetypes
from collections.abc import Callable

import pandas as pd
import streamlit as st


def offer_download(label: str, name: str, make: Callable[[], bytes]) -> None:
    """A button that makes a file when it is pressed, and hands it over."""
    st.download_button(label, make, name, mimetypes.guess_type(name)[0] or "application/json", on_click="ignore")


def clinic_names(clinics: pd.DataFrame) -> dict[str, str]:
    """Name, town and state of each clinic by its id."""
    words = clinics["name"] + ", " + clinics["city"].fillna("") + " " + clinics["state"]
    return dict(zip(clinics["clinic_id"], words, strict=True))
