"""The first sheet of a workbook as JSON on stdout; run by itself, within limits, so that no file can take the machine.

Arguments: FILE MOST_ROWS MOST_LETTERS MOST_BYTES MOST_SECONDS. Gives {"sheet": its name, "rows": [[text]]}, or
{"failed": why}.
"""

import datetime
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum


def read_first_sheet(path: str, most_rows: int, most_letters: int) -> dict[str, object]:
    """The name of the first sheet that can be seen and has any cell, and its rows from the first on."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            seen = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
            for name in seen or book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                count = sheet.end[0] + 1 if sheet.end else 0
                if count > most_rows:
                    return {"failed": f"its sheet has {count:,} rows, and {most_rows:,} is the most"}
                rows = [[_text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
                if sum(len(cell) for row in rows for cell in row) > most_letters:
                    return {"failed": f"its sheet holds more than {most_letters:,} letters"}
                if rows:
                    return {"sheet": name, "rows": rows}
    except (CalamineError, OSError, ValueError) as failure:
        return {"failed": str(failure)[:200]}
    return {"sheet": "", "rows": []}


def _text_of(cell: object) -> str:
    """A cell as a person reads it: whole numbers without ".0", days without their midnight."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time.min:
        return cell.date().isoformat()
    return " ".join(str(cell).split())


if __name__ == "__main__":
    most_rows, most_letters, most_bytes, most_seconds = map(int, sys.argv[2:])
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(read_first_sheet(sys.argv[1], most_rows, most_letters), sys.stdout)
