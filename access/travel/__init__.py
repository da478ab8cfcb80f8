"""How people get to clinics: trips, how they are found (by estimate or along roads), and how good the estimate is.

No figure about people is computed here (that is in `measures`); one kind of road router is one file of `routers`.
"""
