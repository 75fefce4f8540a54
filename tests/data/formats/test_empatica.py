import numpy as np
import pytest

from distride.data.formats.empatica import SOURCE
from distride.errors import DataError


def read(folder, name, text):
    (folder / name).write_text(text)
    assert SOURCE.detects(folder / name)
    (one,) = SOURCE.read(folder / name, "ann")
    return one


def test_start_and_rate_stand_in_the_first_lines(tmp_path):
    one = read(tmp_path, "EDA.csv", "1560279825.0\n4.0\n0.1\n0.2\n0.3\n")
    assert (one.start_s, one.recording.t.tolist()) == (1560279825.0, [0, 0.25, 0.5])
    np.testing.assert_allclose(one.recording.channels["eda_us"], [0.1, 0.2, 0.3])


def test_a_g_is_64_counts(tmp_path):
    one = read(tmp_path, "ACC.csv", "1560279825,1,1\n32,32,32\n64,0,-32\n64,0,-32\n")
    assert one.recording.channels["acc_x"][0] == pytest.approx(9.80665)
    assert one.recording.channels["acc_z"][0] == pytest.approx(-9.80665 / 2)


def test_beats_have_their_own_times(tmp_path):
    one = read(tmp_path, "IBI.csv", "1560279825.0, IBI\n83.5,0.6\n99.9,0.8\n")
    assert one.start_s == 1560279825.0 + 83.5
    np.testing.assert_allclose(one.recording.channels["ibi_s"], [0.6, 0.8])


@pytest.mark.parametrize(("text", "count"), [("", 0), ("1560279825.5\n1560279999.1\n", 2)])
def test_button_presses_are_no_samples(tmp_path, text, count):
    with pytest.raises(DataError, match=f"the {count} button presses"):
        read(tmp_path, "tags.csv", text)


@pytest.mark.parametrize("text", ["1560279825\n", "1560279825\nx\n1\n2\n", "1560279825\n0\n1\n2\n"])
def test_a_missing_rate_is_told(tmp_path, text):
    with pytest.raises(DataError, match="rate in Hz"):
        read(tmp_path, "HR.csv", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("ACC.csv", "x,y,z\n1,2,3\n"), ("OTHER.csv", "1560279825\n1\n"), ("tags.csv", "a,b\n")],
)
def test_other_files_are_not_its_own(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert not SOURCE.detects(tmp_path / name)
