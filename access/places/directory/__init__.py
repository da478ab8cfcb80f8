"""The directory of clinics: what each source says of each site, which records are one, and how sure all of it is."""
