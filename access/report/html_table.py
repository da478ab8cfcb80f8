"""A table as HTML that reads well aloud, scrolls by itself, and sorts by a press on a column's head."""

import pandas as pd

from access.language import say
from access.maps.escape import escape


def html_table(table: pd.DataFrame, caption: str, *, sortable: bool = False, has_words: bool = False) -> str:
    """Rows of text as a table: the first column names each row, numbers stand to the right; all text escaped.

    `sortable`: static/app.js sorts the rows when a head is pressed, numbers as numbers. `has_words`: the cells hold
    words, not numbers, which begin at the left and are broken into lines.
    """
    told = escape(caption)
    hint = f'<span class="care-heard"> {escape(say("Press a column head to sort."))}</span>' if sortable else ""
    heads = "".join(_head(str(name), sortable) for name in table.columns)
    rows = "".join(_row([str(cell) for cell in cells]) for cells in table.to_numpy(object).tolist())
    kinds = ["access-sortable"] * sortable + ["access-words"] * has_words
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    return (
        f'<div class="access-table" tabindex="0" role="region" aria-label="{told}"><table{kind}>'
        f"<caption>{told}{hint}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(name: str, sortable: bool) -> str:
    shown = f"<button>{escape(name)}</button>" if sortable else escape(name)
    return f'<th scope="col">{shown}</th>'


def _row(cells: list[str]) -> str:
    return (
        f'<tr><th scope="row">{escape(cells[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells[1:])}</tr>'
    )
