"""Prose that no figure changes, with its sources: the guide, the methods and privacy, one YAML file for each language.

How it looks is in access.documents and on the pages.
"""
