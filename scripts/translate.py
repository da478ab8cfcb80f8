"""Brings `locale/` up to date with the sentences in the code: `python -m scripts.translate`; `--check` only looks.

New sentences are added without a translation, those that are gone are taken out; a translator fills in the rest.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from access.language import LANGUAGES, SOURCE_LANGUAGE, catalog_file

ROOT = Path(__file__).parents[1]
FOLDERS = ("access", "pages", "ui")
SAYS = {"say": 1, "say_many": 2, "mark": 1}  # how many of the first arguments are sentences
WIDTH = 110


def sentences() -> Catalog:
    """Every sentence of the code that people read, with the files that say it."""
    found = Catalog(project="TRD Access", charset="utf-8")
    files = [ROOT / "app.py", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]
    for path in files:
        for message in said_in(path.read_text(encoding="utf-8")):
            found.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)])
    return found


def said_in(code: str) -> Iterator[str | tuple[str, ...]]:
    """What a module says: the literal sentences that `say`, `say_many` and `mark` are called with, in order.

    Babel's own extractor reads tokens, not calls: in `say(TREATMENTS[row["treatment"]])` it would find a sentence
    "treatment", and it misses what is marked inside another call.
    """
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in SAYS:
            continue
        texts = [one.value for one in node.args[: SAYS[node.func.id]] if isinstance(one, ast.Constant)]
        if len(texts) == SAYS[node.func.id] and all(isinstance(text, str) for text in texts):
            yield texts[0] if len(texts) == 1 else tuple(texts)


def translations(code: str) -> Catalog:
    """What the catalogue of a language holds now."""
    with catalog_file(code).open("rb") as text:
        return read_po(text, locale=code)


def lacking(code: str) -> list[str]:
    """The sentences of the code that a language does not have yet."""
    held = translations(code)
    return [_first(one.id) for one in sentences() if one.id and not _is_said(held, one.id)]


def update(code: str) -> None:
    """The catalogue of a language with exactly the sentences of the code; what was translated stays."""
    held = translations(code)
    held.update(sentences(), no_fuzzy_matching=True)
    held.obsolete.clear()
    with catalog_file(code).open("wb") as out:
        write_po(out, held, width=WIDTH, sort_output=True, omit_header=False, include_lineno=False)


def _is_said(held: Catalog, message: str | tuple[str, ...]) -> bool:
    found = held.get(_first(message))
    if found is None or found.fuzzy:
        return False
    forms = found.string if isinstance(found.string, tuple | list) else [found.string]
    return len(forms) == (held.num_plurals if isinstance(message, tuple) else 1) and all(forms)


def _first(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def main() -> int:
    """0: every language has every sentence."""
    parser = argparse.ArgumentParser(prog="python -m scripts.translate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args()
    missing = 0
    for code in LANGUAGES.keys() - {SOURCE_LANGUAGE}:
        if not asked.check:
            update(code)
        without = lacking(code)
        missing += len(without)
        print(f"{code}: {len(without)} sentences without a translation", *without[:20], sep="\n  ")
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())
