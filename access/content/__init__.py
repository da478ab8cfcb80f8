"""Prose that no figure changes: the guide and the methods, with their sources. How it looks is in access.documents."""
