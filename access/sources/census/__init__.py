"""What the Census Bureau publishes: centers of population, the American Community Survey, the land of tracts, the
geocoder.

The outlines of states and counties are in `access.sources.us_atlas`; how people are made of these tables is in
`access.places`.
"""
