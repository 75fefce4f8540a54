import pytest

from distride.data.formats.units import column_name, sensor_in, to_si
from distride.errors import DataError


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("g", ("m/s^2", 9.80665)),
        ("mg", ("m/s^2", 0.00980665)),
        ("°/s", ("rad/s", 0.017453292519943295)),
        ("dps", ("rad/s", 0.017453292519943295)),
        ("G", ("uT", 100.0)),
        ("mT", ("uT", 1000.0)),
        (" ms ", ("s", 0.001)),
        ("km/h", ("m/s", 1 / 3.6)),
    ],
)
def test_vendors_units_become_si(unit, expected):
    assert to_si(unit) == (expected[0], pytest.approx(expected[1]))


def test_an_unknown_unit_names_the_nearest():
    with pytest.raises(DataError, match="did you mean 'deg/s'"):
        to_si("degr/s")
    with pytest.raises(DataError, match="known are"):
        to_si("furlong/fortnight")


@pytest.mark.parametrize(
    ("quantity", "unit", "name"),
    [
        ("power", "watts", "power_w"),
        ("stance_time", "ms", "stance_time_s"),
        ("grade", "%", "grade_pct"),
        ("speed", "m/s", "speed_ms"),
        ("HR Zone", None, "hr_zone"),
        ("heart_rate", "bpm", "heart_rate"),
    ],
)
def test_a_columns_name_tells_its_unit(quantity, unit, name):
    assert column_name(quantity, unit)[0] == name


def test_a_sensor_is_known_by_its_unit():
    assert [sensor_in(unit) for unit in ("mg", "°/s", "T", "bpm", "?")] == [
        "acc",
        "gyr",
        "mag",
        "",
        "",
    ]
