"""What comes of OpenStreetMap: health care sites by an Overpass server, and extracts of the map for routers.

Routers, and the road networks that are made of extracts, are in `access.travel`.
"""
