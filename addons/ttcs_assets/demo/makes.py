"""Makes and models of the demo: invented, but named the way such equipment is."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Make:
    """A manufacturer and its models by kind of asset."""

    manufacturer: str
    country: str
    models: dict[str, str]


MAKES = {
    "ip": (
        Make(
            "Phù Sa Electronics",
            "Việt Nam",
            {
                **{"station": "MSP-10", "cluster": "CIPR-100", "receiver": "RX-100"},
                **{"amplifier": "AMP-D120", "power": "PSU-24"},
            },
        ),
        Make(
            "Cửu Long Telecom",
            "Việt Nam",
            {
                **{"station": "CLT-Studio 4G", "cluster": "CLT-4G/60", "receiver": "CLT-R4"},
                **{"amplifier": "CLT-A60", "power": "CLT-P12"},
            },
        ),
        Make(
            "Nam Bộ Audio",
            "Việt Nam",
            {
                **{"station": "NB-IP Master", "cluster": "NB-IP200", "receiver": "NB-R200"},
                **{"amplifier": "NB-A200", "power": "NB-PS5"},
            },
        ),
        Make(
            "East Delta Sound",
            "Hàn Quốc",
            {
                **{"station": "EDS-1000", "cluster": "EDS-N2", "receiver": "EDS-NR2"},
                **{"amplifier": "EDS-DA2", "power": "EDS-PW2"},
            },
        ),
    ),
    "fm": (
        Make("Nam Bộ Audio", "Việt Nam", {"station": "NB-FM50", "cluster": "NB-FMR30"}),
        Make("Phù Sa Electronics", "Việt Nam", {"station": "FMT-30", "cluster": "FMR-87"}),
    ),
    "wired": (
        Make("Nam Bộ Audio", "Việt Nam", {"station": "NB-WA500", "cluster": "NB-WL25"}),
        Make("Golden Field", "Trung Quốc", {"station": "GF-600", "cluster": "GF-25T"}),
    ),
    "board": (
        Make("Phù Sa Electronics", "Việt Nam", {"board": "LED-P5 Outdoor"}),
        Make("Golden Field", "Trung Quốc", {"board": "GF-P4"}),
        Make("Cửu Long Telecom", "Việt Nam", {"board": "CLT-P6"}),
    ),
}
COMMON_MODELS = {
    **{"horn": "H-30W", "pole": "BTLT-8.5", "sim": "M2M 4G"},
    **{"microphone": "GN-12", "production": "MIX-8"},
}


def make_of(random: Random, kind: str) -> Make:
    return random.choice(MAKES[kind])
