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
└── ScenarioError           a scenario, or an edit of it, is not one that can be made  (also ValueError)
    └── ConflictError       somebody saved a newer version meanwhile; `.version` is the newest
"""

from collections.abc import Sequence


class AccessError(Exception):
    """The root: its text is one sentence that says what is wrong and what to do."""


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
