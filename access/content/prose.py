"""Prose from the YAML files beside this module, one for each language, checked as it is read."""

from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from access.language import language


class Prose(BaseModel):
    """A part of a file of prose: it has the fields that its class names and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Page = TypeVar("Page", bound=Prose)


def load_prose(page: type[Page], name: str) -> Page:
    """The file `name` in the current language; it is read once.

    Raises
    ------
    pydantic.ValidationError
        The file does not have the fields of `page`.
    """
    prose: Page = _read_prose(page, f"{name}.{language()}.yaml")
    return prose


@cache
def _read_prose(page: type[Page], file: str) -> Page:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return page.model_validate(yaml.safe_load(text))
