"""The directory of clinics: what each source says, which records are one site, and what people decided or corrected.

How a publisher's reply is read is in `access.sources`; the tables that come out are those of a pack.
"""
