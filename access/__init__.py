"""TRD Access: where care for treatment-resistant depression is, who cannot reach it, and what would change that."""

import ast as _ast
from importlib import import_module as _import_module
from pathlib import Path as _Path

from access.errors import check_installation as _check_installation


def _read_homes() -> dict[str, str]:
    """The module of each public name, as `__init__.pyi` tells it; nothing else of the library is loaded yet."""
    stub = _ast.parse(_Path(__file__).with_suffix(".pyi").read_text("utf-8"))
    imports = [part for part in stub.body if isinstance(part, _ast.ImportFrom) and part.module]
    return {alias.name: str(part.module) for part in imports for alias in part.names}


_check_installation()
_HOMES = _read_homes()
__all__ = sorted(_HOMES)  # noqa: PLE0605 - the stub lists them for tools


def __getattr__(name: str) -> object:
    """A public name, loaded from its home when it is first asked for (PEP 562)."""
    if name == "__version__":
        value: object = _import_module("access.settings").code_version()
    elif name in _HOMES:
        value = getattr(_import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
