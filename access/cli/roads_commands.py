"""The commands of `trd-access roads`: road networks, and what drives along them tell."""

from access.cli.on_demand import CommandPlace, app_on_demand

roads_app = app_on_demand(
    {
        "compare": CommandPlace(
            "access.cli.roads_compare:compare_roads",
            "How far the estimate is off the road here, and the estimate that would fit; it is kept only with --save.",
        ),
        "build": CommandPlace(
            "access.cli.roads:build_roads",
            "Make a road network of map extracts, once; an older one of that name stays until the new one is whole.",
        ),
        "list": CommandPlace(
            "access.cli.roads:list_networks",
            "The road networks on this machine, what each was built from and how old its map is.",
        ),
        "show": CommandPlace(
            "access.cli.roads:show_network",
            "Every extract that a road network was built from, with the hash of its bytes.",
        ),
        "remove": CommandPlace("access.cli.roads:remove_roads", "Remove a road network from this machine."),
        "area": CommandPlace(
            "access.cli.roads_area:show_reached_area",
            "The area within minutes of a clinic, or of all that give a treatment: a map, its data, the people inside.",
        ),
    }
)
