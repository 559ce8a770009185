"""A card to begin with, as a dict; tests change it."""

import copy
from typing import Any

_CARD: dict[str, Any] = {
    "source": {"name": "kuo-sheng"},
    "detector": {
        "target": "Ge",
        "exposure": "1 kg day",
        "threshold": "200 eV",
        "resolution": {
            "kind": "fano",
            "noise": "30 eV",
            "fano": "0.11",
            "energy_per_pair": "2.96 eV",
        },
        "quenching": {"Ge": {"kind": "lindhard", "k": "0.157"}},
    },
    "bins": {"low": "0.2 keV", "high": "3 keV", "number": 28},
    "response": {"electrons": "stepped"},
    "signals": {"channels": ["weak", "coherent", "magnetic-moment"]},
    "backgrounds": [
        {"kind": "flat", "name": "compton", "rate": "1 / kg / keV / day", "uncertainty": "10 %"},
        {"kind": "electron-capture", "name": "ge71", "nuclide": "71Ge", "rate": "10 / kg / day"},
    ],
    "variations": {"source_normalisation": "5 %", "resolution": "5 %", "quenching": "10 %"},
}


def card(**changes: Any) -> dict[str, Any]:
    """Return the card with sections replaced; a value of None takes a key away.

    A key such as ``detector__mass`` (two underscores) goes into a section.
    """
    found = copy.deepcopy(_CARD)
    for path, value in changes.items():
        *above, last = path.split("__")
        section = found
        for key in above:
            section = section[key]
        if value is None:
            section.pop(last)
        else:
            section[last] = value
    return found
