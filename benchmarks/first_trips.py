"""The very first `Trips` on a machine, when the loops are compiled."""

import os
import tempfile

from benchmarks.measure import Result, Setting, timed


def first_trips(setting: Setting) -> list[Result]:  # noqa: ARG001 - every benchmark is called alike
    """As `library.trips`, once, with an empty folder for the compiled loops; and again in the same process."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        # Not above: numba asks where to keep them when it is imported.
        from access.places.pack import load_pack
        from access.travel.estimate import estimate_trips

        pack = load_pack("us-2020")
        taken = timed(lambda: estimate_trips(pack.people, pack.clinics), 1, warm_up=0)
    size = f"{len(pack.people):,} places, {len(pack.clinics):,} sites"
    return [Result("Trips, first on a machine", size, "s", taken, note="compiles the loops, which are then kept")]
