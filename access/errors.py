"""Every error this library raises on purpose.

AccessError                 the root: one plain sentence a person can act on
├── TableError              a table breaks its contract           (also ValueError)
├── SourceError             a publisher or file cannot be read    (also OSError)
├── PackError               a pack is absent, damaged or cannot be written (also OSError)
├── RoadsError              a road network is absent, damaged or cannot be built  (also OSError)
├── PlaceError              a ZIP, town, state or point is not known  (also LookupError)
│   └── AmbiguousPlaceError it is several places; `.choices` lists them
├── NotSettledError         a measure that is solved by rounds did not settle  (also ArithmeticError)
├── StoreError              the store of scenarios cannot be reached, read or written  (also OSError)
├── InstallError            another distribution of the same import name is mixed into this one  (also ImportError)
└── ScenarioError           a scenario, or an edit of it, is not one that can be made  (also ValueError)
    └── ConflictError       somebody saved a newer version meanwhile; `.version` is the newest
"""

import sys
from collections.abc import Sequence
from pathlib import Path


class AccessError(Exception):
    """The root: its text is one sentence that says what is wrong and what to do."""


class InstallError(AccessError, ImportError):
    """Another distribution of the same import name stands in the folder of this one."""


class TableError(AccessError, ValueError):
    """A table breaks its contract."""


class SourceError(AccessError, OSError):
    """A publisher's file or reply cannot be read, or is not what it should be."""


class PackError(AccessError, OSError):
    """A pack is absent, damaged, or cannot be written."""


class RoadsError(AccessError, OSError):
    """A road network is absent, damaged, or cannot be built on this machine."""


class PlaceError(AccessError, LookupError):
    """A ZIP, town, state or point is not known."""


class AmbiguousPlaceError(PlaceError):
    """A name that fits several places; `choices` holds each one's full name."""

    def __init__(self, message: str, choices: Sequence[str]) -> None:
        super().__init__(message)
        self.choices = list(choices)


class NotSettledError(AccessError, ArithmeticError):
    """A measure that is solved by rounds did not settle within the rounds allowed."""


class StoreError(AccessError, OSError):
    """The store of scenarios cannot be reached, read or written, or is of another version."""


class ScenarioError(AccessError, ValueError):
    """A scenario that is not one, or an edit that cannot be made: the pack has no such thing or already has it."""


class ConflictError(ScenarioError):
    """Somebody saved a scenario meanwhile: nothing was written; `version` is the newest that is there."""

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


def check_installation(folder: Path = Path(__file__).parent) -> None:
    """PySAL's `access` has the same import name: installed into one folder, each overwrites files of the other.

    Raises
    ------
    InstallError
        One of its files, or the record of its installation, is here; `trd-access` ends with the sentence alone.
    """
    if not (folder / "access.py").exists() and not any(folder.parent.glob("access-*.dist-info")):
        return
    sentence = (
        "PySAL's access and TRD Access have the same import name, and both are installed here, so that their files "
        "are mixed; run `pip uninstall access trd-access`, then install each in an environment of its own."
    )
    if Path(sys.argv[0]).stem == "trd-access":
        sys.exit(f"trd-access: {sentence}")
    raise InstallError(sentence)
