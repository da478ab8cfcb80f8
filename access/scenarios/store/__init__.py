"""Scenarios that a team keeps: every version in SQLite or PostgreSQL, and its export as one file. What a scenario
says is read in access.scenarios.scenario, not here.
"""
