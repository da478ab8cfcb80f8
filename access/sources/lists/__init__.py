"""People's own lists of clinics, and the list that ships: CSV, XLSX or GeoJSON as rows in our columns and words, with
every fault.

How a list becomes a pack is in `access.places.directory.own_list`; a person's own areas are in
`access.sources.polygons`.
"""
