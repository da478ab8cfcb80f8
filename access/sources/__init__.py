"""Publishers' and people's own files and services, read into raw tables: one publisher a file, or a folder where it
has several.

How bytes get here is in `fetching`; what the tables mean together (packs, merged clinics, rurality) is in
`access.places`.
"""
