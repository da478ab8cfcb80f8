"""Values laid out along trips: in their order, and nothing missing goes unsaid."""

import numpy as np
import pandas as pd
import pytest

from access.errors import TableError
from access.measures.layout import values_by_clinic, values_by_place
from tests.worlds import valley_trips


def test_values_come_in_the_order_of_the_trips() -> None:
    demand = pd.Series({"forest": 5.0, "ranch": 4.0, "town": 3.0, "city_b": 2.0, "city_a": 1.0, "elsewhere": 9.0})
    assert values_by_place(demand, valley_trips()).tolist() == [1, 2, 3, 4, 5]
    assert values_by_clinic(pd.Series({"west": 2.0, "east": 1.0}), valley_trips()).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("supply", "says"),
    [
        (pd.Series({"west": 2.0}), "supply of east is missing or below zero \\(1 such"),
        (pd.Series({"west": 2.0, "east": -1.0}), "east is missing or below zero"),
        (pd.Series({"west": np.nan, "east": np.nan}), "east is missing or below zero \\(2 such"),
        (pd.Series([1.0, 2.0, 3.0], index=["west", "west", "east"]), "west more than once"),
    ],
)
def test_what_is_missing_negative_or_repeated_is_refused(supply: pd.Series, says: str) -> None:
    with pytest.raises(TableError, match=says):
        values_by_clinic(supply, valley_trips())
