"""Where a ZIP, a town, a county, a point or an address is, as people type it, from tables that ship.

No network is asked, and no outline is read but that of counties; the geocoder of streets is in `directory`.
"""
