import numpy as np
import pytest

from distride.data.formats.hrm import SOURCE
from distride.errors import DataError

PARAMS = "[Params]\nDate=20040103\nStartTime=2:16:26.0\nInterval={}\n[HRData]\n"


def read(folder, rows, interval=5, params=PARAMS):
    (folder / "a.hrm").write_text(params.format(interval) + rows)
    (one,) = SOURCE.read(folder / "a.hrm", "ann")
    return one


def test_further_columns_and_damage_are_told(tmp_path):
    one = read(tmp_path, "60 10\n61 11\nx 12\n0 3\n")
    np.testing.assert_array_equal(one.recording.channels["heart_rate"], [60, 61, np.nan, np.nan])
    assert one.recording.t.tolist() == [0, 5, 10, 15]
    assert len(one.warnings) == 3


@pytest.mark.parametrize("date", ["", "Date=20041399\nStartTime=2:16:26\n"])
def test_a_date_that_is_missing_or_wrong_costs_only_the_date(tmp_path, date):
    one = read(tmp_path, "60\n61\n", params=f"[Params]\n{date}Interval={{}}\n[HRData]\n")
    assert one.start_s == 0


@pytest.mark.parametrize(("rows", "interval"), [("", 5), ("60\n61\n", 0), ("900\n901\n", 238)])
def test_no_even_heart_rates_are_refused(tmp_path, rows, interval):
    with pytest.raises(DataError, match="an interval of 1 to 237 s"):
        read(tmp_path, rows, interval)
