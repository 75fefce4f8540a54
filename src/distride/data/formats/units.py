"""Units as vendors spell them, what makes them SI, and how a column's name tells its unit."""

import difflib
import re

from distride.errors import DataError
from distride.signals import GRAVITY_MS2

DEGREE_RADS = 3.141592653589793 / 180

SPELLINGS = {
    "m/s^2": {"m/s^2": 1.0, "m/s²": 1.0, "m/s2": 1.0, "g": GRAVITY_MS2, "mg": GRAVITY_MS2 / 1000},
    "rad/s": {
        "rad/s": 1.0,
        "deg/s": DEGREE_RADS,
        "°/s": DEGREE_RADS,
        "dps": DEGREE_RADS,
        "mdps": DEGREE_RADS / 1000,
    },
    "uT": {"uT": 1.0, "µT": 1.0, "μT": 1.0, "mT": 1e3, "nT": 1e-3, "T": 1e6, "G": 100.0, "mG": 0.1},
    "bpm": {"bpm": 1.0, "BPM": 1.0},
    "rpm": {"rpm": 1.0},
    "m/s": {"m/s": 1.0, "M/S": 1.0, "km/h": 1 / 3.6, "mph": 0.44704, "m/min": 1 / 60},
    "m": {"m": 1.0, "Meters": 1.0, "km": 1e3, "cm": 1e-2, "mm": 1e-3, "ft": 0.3048, "mi": 1609.344},
    "s": {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9, "min": 60.0},
    "W": {"W": 1.0, "watts": 1.0, "Watts": 1.0, "kW": 1e3},
    "deg": {"deg": 1.0, "°": 1.0, "semicircles": 180 / 2**31},
    "C": {"C": 1.0, "°C": 1.0, "degC": 1.0},
    "hPa": {"hPa": 1.0, "mbar": 1.0, "Pa": 1e-2, "kPa": 10.0},
    "lux": {"lux": 1.0, "lx": 1.0},
    "uV": {"uV": 1.0, "µV": 1.0, "mV": 1e3},
    "uS": {"uS": 1.0, "µS": 1.0, "μS": 1.0},
    "%": {"%": 1.0, "percent": 1.0},
}
SUFFIXES = {
    "m/s^2": "ms2",
    "rad/s": "rads",
    "m/s": "ms",
    "%": "pct",
}
SENSORS = {"m/s^2": "acc", "rad/s": "gyr", "uT": "mag"}
FACTORS = {
    spelt: (unit, factor) for unit, ways in SPELLINGS.items() for spelt, factor in ways.items()
}


def to_si(unit: str) -> tuple[str, float]:
    """The unit we keep, and what a value is multiplied with to be in it.

    Case counts: ``g`` is gravity and ``G`` is gauss.

    >>> to_si("mg")
    ('m/s^2', 0.00980665)
    >>> to_si("G")
    ('uT', 100.0)

    Raises:
        DataError: A unit that nobody has told us of; the nearest one is named.
    """
    spelt = unit.strip()
    if spelt not in FACTORS:
        near = difflib.get_close_matches(spelt, FACTORS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(FACTORS)}."
        raise DataError(f"The unit '{unit}' is unknown: {hint}")
    return FACTORS[spelt]


def sensor_in(unit: str) -> str:
    """The motion sensor that measures in a unit; empty where none does.

    >>> sensor_in("dps"), sensor_in("bpm")
    ('gyr', '')
    """
    return SENSORS.get(FACTORS.get(unit.strip(), ("", 0.0))[0], "")


def suffix(unit: str) -> str:
    """What a column in this kept unit ends with.

    >>> suffix("m/s"), suffix("W"), suffix("uS")
    ('ms', 'w', 'us')
    """
    return SUFFIXES.get(unit, unit.lower())


def snake(name: str) -> str:
    """A name in lower case with underscores.

    >>> snake("Leg Spring-Stiffness")
    'leg_spring_stiffness'
    """
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def column_name(quantity: str, unit: str | None) -> tuple[str, float]:
    """A column for a quantity in a vendor's unit, and its factor; an unknown unit stays as it is.

    >>> column_name("Form Power", "Watts")
    ('form_power_w', 1.0)
    >>> column_name("heart_rate", "bpm")
    ('heart_rate', 1.0)
    >>> column_name("doughnuts", "pieces")
    ('doughnuts', 1.0)
    """
    kept, factor = FACTORS.get((unit or "").strip(), ("", 1.0))
    name = snake(quantity)
    if not kept or name == "heart_rate":
        return name, factor
    return f"{name}_{suffix(kept)}", factor
