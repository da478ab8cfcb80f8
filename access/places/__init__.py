"""Where people live and where clinics stand, as checked tables: people, packs, areas, the gazetteer, the directory.

No trip and no measure is computed here, and no publisher's file is parsed here.
"""
