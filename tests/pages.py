"""What the tests of pages share: a page as Streamlit's AppTest runs it, its controls and its tables."""

import html
import re

import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.browser import ROOT


def opened(name: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / name), default_timeout=60).run()
    assert not page.exception
    return page


def typed(page: AppTest, label: str, text: str) -> AppTest:
    (box,) = [one for one in page.text_input if one.label.startswith(label)]
    return box.set_value(text).run()


def cards(page: AppTest) -> str:
    return "".join(one.body for one in page.get("html") if "care-cards" in one.body)


def tables(page: AppTest) -> list[pd.DataFrame]:
    """The HTML tables of a page, each by its first column."""
    bodies = [one.body for one in page.get("html") if "access-table" in one.body]
    return [table for body in bodies for table in map(table_of, re.findall(r"<table.*?</table>", body, re.DOTALL))]


def table_of(markup: str) -> pd.DataFrame:
    rows = re.findall(r"<tr>(.*?)</tr>", markup, re.DOTALL)
    cells = [
        [html.unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in re.split("</t[hd]>", row)[:-1]] for row in rows
    ]
    return pd.DataFrame([row[1:] for row in cells[1:]], index=[row[0] for row in cells[1:]], columns=cells[0][1:])


def headline(page: AppTest) -> str:
    return page.subheader[0].value.replace("\\", "")


def with_more(page: AppTest) -> AppTest:
    """The page with its rarer choices laid open."""
    return page.toggle(key="more").set_value(True).run()


def looking(page: AppTest, part: str) -> AppTest:
    """The page with another part under its map."""
    (control,) = [one for one in page.get("button_group") if one.label == "Look closer"]
    return control.set_value(part).run()


def chosen(page: AppTest, label: str, value: object) -> AppTest:
    (box,) = [one for one in page.selectbox if one.label == label]
    return box.set_value(value).run()
