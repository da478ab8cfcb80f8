"""What CMS publishes: Medicare's bills by practice, the catalog that says where they are, and the NPI registry.

How its records are merged with those of other sources is in `access.places.directory`.
"""
