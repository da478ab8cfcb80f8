"""What goes wrong with a database, as one sentence that says which, what, and what to do; never with a password."""

from typing import Final

from sqlalchemy.engine import URL

_ADVICE: Final = {
    "locked": "is busy: somebody else has been writing for too long. Nothing was written; try again in a minute.",
    "read-only": "may only be read from here. Nothing was written; ask its owner for the right to write.",
    "damaged": "is damaged or is no database of ours. Keep the file, and import an export of yours into a new one.",
    "unreachable": "cannot be opened ({reason}). See that it is there, that it runs, and that you may use it.",
    "full": "has no space left. Nothing was written; free some and try again.",
    "other": "failed ({reason}). See in the history whether anything was written, and try again.",
}
# The beginnings of SQLite's names of errors, and of PostgreSQL's SQLSTATEs.
_KINDS: Final = {
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "read-only",
    "SQLITE_PERM": "read-only",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_CANTOPEN": "unreachable",
    "SQLITE_FULL": "full",
    "SQLITE_ERROR": "damaged",
    "55P03": "locked",
    "40P01": "locked",
    "25006": "read-only",
    "42501": "read-only",
    "42": "damaged",
    "XX": "damaged",
    "53100": "full",
    "08": "unreachable",
    "28": "unreachable",
    "3D": "unreachable",
    "57": "unreachable",
}


def place_of(url: URL) -> str:
    """The store in words: the file, or the database and its host; no user, no password."""
    if url.get_backend_name() == "sqlite":
        return f"The store {url.database}"
    host = url.host or url.query.get("host") or "this machine"
    return f"The store (PostgreSQL database {url.database or url.username} on {host})"


def sentence_for(url: URL, failure: BaseException) -> str:
    """One sentence for what a database, its driver or SQLAlchemy raised."""
    cause = _cause(failure)
    reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
    for secret in _secrets(url):
        reason = reason.replace(secret, "***")
    return f"{place_of(url)} {_ADVICE[_kind(cause)].format(reason=reason)}"


def is_locked(failure: BaseException) -> bool:
    """Whether another writer stood in the way."""
    return _kind(_cause(failure)) == "locked"


def _cause(failure: BaseException) -> BaseException:
    original = getattr(failure, "orig", None)
    return original if isinstance(original, BaseException) else failure


def _kind(cause: BaseException) -> str:
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if code:
        return next((kind for start, kind in _KINDS.items() if code.startswith(start)), "other")
    # A server that never answered has given no code.
    return "unreachable" if type(cause).__name__ == "OperationalError" else "other"


def _secrets(url: URL) -> list[str]:
    given = (url.password, url.query.get("password"), url.query.get("sslpassword"))
    return [word for word in given if isinstance(word, str) and word]
