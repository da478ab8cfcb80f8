"""The fitted estimate that a pack keeps: put there, or taken away."""

from dataclasses import replace

from access.errors import PackError
from access.places.pack import STARTER, beside_of, load_pack, pack_folder, save_pack
from access.places.swap import being_changed
from access.travel.calibrate import Calibration


def keep_estimate(name: str, calibration: Calibration | None) -> None:
    """The pack of that name with this estimate, which every drive in it is then estimated by; None: the usual one.

    Raises
    ------
    PackError: it is the starter pack, it is absent or damaged, another command is changing it, or the disk may not be
    written; the pack is untouched.
    """
    if name == STARTER:
        raise PackError(
            "The starter pack ships with the program and keeps no estimate. Build a pack of your own: "
            "trd-access data build"
        )
    folder = pack_folder(name)
    with being_changed(folder):
        pack = load_pack(name, as_built=True)
        text = calibration.to_json() if calibration else None
        save_pack(replace(pack, calibration=text), folder, beside=beside_of(folder))
