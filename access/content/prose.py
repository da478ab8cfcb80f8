"""Prose from the YAML files beside this module, one for each language, checked as it is read."""

from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict


class Prose(BaseModel):
    """A part of a file of prose: it has the fields that its class names and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Page = TypeVar("Page", bound=Prose)


@cache
def load_prose(page: type[Page], name: str, language: str) -> Page:
    """The file `name` in a language.

    Raises
    ------
    pydantic.ValidationError
        The file does not have the fields of `page`.
    """
    file = Path(__file__).with_name(f"{name}.{language}.yaml")
    return page.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
