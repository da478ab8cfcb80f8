"""What the pages know of a person, where it stays, and what leaves only when the person says so."""

from access.content.prose import Prose, load_prose


class PrivacySection(Prose):
    """Sentences under one heading."""

    title: str
    sentences: tuple[str, ...]


class Privacy(Prose):
    """The sections of the page, from top to bottom."""

    sections: tuple[PrivacySection, ...]


def load_privacy() -> Privacy:
    """The page in the current language."""
    return load_prose(Privacy, "privacy")
