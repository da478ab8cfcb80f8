"""Road routers, one a file behind one protocol: minutes and km along roads from some points to others, by the block.

What becomes of a block (trips, snaps, the estimate elsewhere) is in `road_trips` and `by_road`, one folder up.
"""
