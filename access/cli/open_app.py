"""`trd-access app`: open the pages in a browser, from a checkout."""

import subprocess
from pathlib import Path

import typer

from access.errors import AccessError


def open_app(
    arguments: list[str] = typer.Argument(None, help="Passed on to the server, such as --server.port 8600."),
) -> None:
    """Open the app; it lives in the checkout, beside this library."""
    script = Path(__file__).parents[2] / "scripts" / "app"
    if not script.is_file():
        raise AccessError(
            "The pages are not part of an installed package; clone the repository and run scripts/app there."
        )
    raise typer.Exit(subprocess.call([str(script), *(arguments or [])]))
