"""An address as people write it, in its parts and with its point."""

import pandas as pd

from access.errors import PlaceError
from access.language import say
from access.places.gazetteer import Gazetteer, place_clinics
from access.vocabulary import state_code


def address_facts(text: str, gazetteer: Gazetteer) -> dict[str, object]:
    """The parts of "12 Main St, Bangor, ME 04401", and the point of its ZIP or town, by the columns of CLINICS.

    Raises
    ------
    PlaceError: it is no such address, or neither its ZIP nor its town is known.
    """
    parts = [part.strip() for part in text.split(",")]
    end = parts[-1].split()
    state = state_code(end[0]) if end else None
    if len(parts) < 2 or not state:
        raise PlaceError(say("'{words}' is no address; write it like: 12 Main St, Bangor, ME 04401", words=text))
    facts = {
        "address": ", ".join(parts[:-2]) or None,
        "city": parts[-2],
        "state": state,
        "zip": end[1] if len(end) > 1 else None,
    }
    row = pd.DataFrame([{"clinic_id": "new", "name": "The clinic", **facts}]).astype("object")
    placed = place_clinics(row, gazetteer).iloc[0]
    return {**facts, **{name: placed[name] for name in ("latitude", "longitude", "location_precision")}}
