"""Maps: tables of areas and points become layers of a folium map or a still picture in SVG.

Which table answers a question is decided above, in `access.questions`.
"""
