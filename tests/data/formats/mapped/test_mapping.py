import pytest

from distride.data.formats.mapped import read_mapping
from distride.errors import DataError

GOOD = """
athlete = "who"
recording = "session"
separator = ";"
decimal = ","
skip = 2
[time]
column = "ms"
unit = "ms"
[channels]
wrist_acc_x = { column = "ax", unit = "g" }
heart_rate = { column = "HR" }
speed_ms = { column = "v", unit = "km/h" }
[labels]
label = "act"
"""


def read(folder, text):
    (folder / "m.toml").write_text(text)
    return read_mapping(folder / "m.toml")


def test_a_mapping_is_read(tmp_path):
    mapping = read(tmp_path, GOOD)
    assert mapping.channels["wrist_acc_x"].unit == "g"
    assert mapping.time.times(",")(["1500,5"]).tolist() == [1.5005]
    assert (mapping.athlete, mapping.recording, mapping.skip) == ("who", "session", 2)
    assert mapping.labels == {"label": "act"}


@pytest.mark.parametrize(
    ("unit", "cell", "seconds"),
    [
        ("s", "2.5", 2.5),
        ("ns", "2500000000", 2.5),
        ("min", "1", 60),
        ("iso", "1970-01-01T00:00:02.5Z", 2.5),
        ("iso", "1970-01-01 00:00:02,5", 2.5),
        ("%d/%m/%Y %H:%M", "01/01/1970 00:01", 60),
        ("%d.%m.%Y %H:%M:%S,%f", "01.01.1970 00:00:02,500", 2.5),
        ("%d.%m.%Y %H:%M:%S.%f", "01.01.1970 00:00:02,500", 2.5),
    ],
)
def test_units_of_time(tmp_path, unit, cell, seconds):
    mapping = read(tmp_path, GOOD.replace('unit = "ms"', f'unit = "{unit}"'))
    assert mapping.time.times(",")([cell])[0] == pytest.approx(seconds)


CHANNEL = '[channels]\na_acc_x = { column = "x" }\n'
TIME = '[time]\ncolumn = "t"\n'


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("x = ", "cannot be read"),
        ("chanels = 1", "unknown key 'chanels': did you mean 'channels'"),
        ("zzz = 1", "unknown key 'zzz': known are channels"),
        (
            TIME + '[channels.a]\ncolum = "x"',
            "did you mean 'channels.a.column'",
        ),
        (TIME + '[channels.a]\nunit = "g"', "'channels.a.column' is missing"),
        (TIME + '[channels]\na = "x"', "'channels.a' of the mapping is 'x': it must be a table"),
        (CHANNEL + "[time]\n", "'time.column' is missing"),
        ("rate_hz = true\n" + CHANNEL, "'rate_hz' .* is True: it must be of type int or float"),
        ("skip = 1.5\n" + CHANNEL, "'skip' .* of type int"),
        (TIME + "[channels]", "no channels"),
        (CHANNEL, "either .time. .* or rate_hz"),
        ("rate_hz = 50\n" + CHANNEL + TIME, "either .time. .* or rate_hz"),
        (TIME + 'unit = "fortnights"\n' + CHANNEL, "time.unit is 'fortnights': allowed are s"),
        (TIME + '[channels.AccX]\ncolumn = "x"', "'AccX' cannot name a column"),
        (TIME + CHANNEL + '[labels]\nt = "x"', "'t' cannot name a column"),
        (TIME + '[channels.a_acc_x]\ncolumn = "x"\nunit = "dps"', "kept in m/s\\^2, and 'dps'"),
        (TIME + '[channels.a_acc_x]\ncolumn = "x"\nunit = "G"', "'G' does not become that"),
        (TIME + '[channels.v]\ncolumn = "x"\nunit = "km/h"', "as in 'v_ms'"),
        (TIME + '[channels.v]\ncolumn = "x"\nunit = "kmh"', "unit 'kmh' is unknown: did you mean"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        read(tmp_path, text)


def test_a_missing_mapping(tmp_path):
    with pytest.raises(DataError, match=r"none\.toml' cannot be read: No such file or directory$"):
        read_mapping(tmp_path / "none.toml")
