"""Measures of access, one family a file: pure functions of tables and trips, each with its paper; loops beside them.

Nothing is loaded, asked or put in words here: which measure answers which question is in `questions`.
"""
