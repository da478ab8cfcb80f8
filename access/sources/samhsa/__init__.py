"""What SAMHSA says of facilities: its yearly directory, its locator FindTreatment.gov, and what the codes of both mean.

How its records are merged with those of other sources is in `access.places.directory`.
"""
