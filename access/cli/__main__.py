"""`python -m access.cli`: the command, where it is not installed."""

from access.cli import main

main()
