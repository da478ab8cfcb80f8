"""How those who wait are told how far a download or another long work is."""

from collections.abc import Callable

# What is being done, how much of it is done, and of how much (None: not known).
Progress = Callable[[str, int, int | None], None]
