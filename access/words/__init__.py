"""Figures as sentences, and tables as text for reading, so that page, terminal and paper say the same. Nothing is
measured here, and no HTML is written.
"""
