import errno
import tracemalloc

import numpy as np
import pytest

from distride.data import Cohort, Recording, Windowing
from distride.errors import DataError
from distride.signals import SignalSpec

SPEC = SignalSpec(("w_acc_x",), rate_hz=20.0, window_s=1.0, hop_s=0.5)


def recording(athlete, name, seconds=20, labels=("walk", "run"), **channels):
    t = np.arange(seconds * 20) / 20.0
    label = np.repeat(np.array(labels, object), len(t) // len(labels))
    acc = np.random.default_rng(len(name)).normal(size=len(t)).astype(np.float32)
    return Recording(athlete, name, t, {"w_acc_x": acc, **channels}, {"label": label})


@pytest.fixture
def cohort(tmp_path):
    speed = np.arange(400, dtype=np.float32)
    recordings = [recording("ann", "one", speed=speed), recording("bo", "two", speed=speed)]
    return Cohort.write(tmp_path / "c", {"name": "c", "sampling_hz": 20}, recordings)


def test_a_window_has_the_label_that_covers_it(cohort, tmp_path):
    windows = Windowing(cohort, SPEC, ("label",)).into(tmp_path / "w")
    own = windows.of("ann")
    assert windows.labels == {"label": ("run", "walk")}
    assert own.x.shape == (39, 1, 20)
    assert own.y["label"][:19].tolist() == [1] * 19
    assert own.y["label"][19] == -1  # half walking, half running
    assert own.y["label"][20:].tolist() == [0] * 19


def test_a_number_is_averaged_over_the_window(cohort, tmp_path):
    windows = Windowing(cohort, SPEC, ("speed",)).into(tmp_path / "w")
    assert windows.labels == {"speed": ()}
    assert windows.of("bo").y["speed"][0] == pytest.approx(9.5)


def test_an_athlete_without_the_number_knows_none(tmp_path):
    speed = np.arange(400, dtype=np.float32)
    recordings = [recording("ann", "one", speed=speed), recording("bo", "two")]
    cohort = Cohort.write(tmp_path / "c", {"name": "c", "sampling_hz": 20}, recordings)
    windows = Windowing(cohort, SPEC, ("speed",)).into(tmp_path / "w")
    assert windows.known("ann", "speed").all()
    assert not windows.known("bo", "speed").any()


def test_windows_are_cut_once(cohort, tmp_path):
    first = Windowing(cohort, SPEC, ("label",)).into(tmp_path / "w")
    stamp = (tmp_path / "w" / "index.json").stat().st_mtime_ns
    again = Windowing(cohort, SPEC, ("label",)).into(tmp_path / "w")
    assert again == first
    assert (tmp_path / "w" / "index.json").stat().st_mtime_ns == stamp
    other = Windowing(cohort, SPEC, ("label",), purity=0.5).into(tmp_path / "w")
    assert other.fingerprint != first.fingerprint


def test_an_unknown_channel_is_named(cohort, tmp_path):
    spec = SignalSpec(("nose_acc_x",), 20.0)
    with pytest.raises(DataError, match="nose_acc_x"):
        Windowing(cohort, spec, ("label",)).into(tmp_path / "w")


def test_a_channel_of_nothing_but_nan_is_an_error(tmp_path):
    blind = recording("ann", "one")
    blind.channels["w_acc_x"][:] = np.nan
    cohort = Cohort.write(tmp_path / "c", {"name": "c", "sampling_hz": 20}, [blind])
    with pytest.raises(DataError, match="NaN"):
        Windowing(cohort, SPEC, ("label",)).into(tmp_path / "w")


def test_a_full_disk_leaves_nothing(cohort, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(DataError, match="No space left"):
        Windowing(cohort, SPEC, ("label",)).into(tmp_path / "runs" / "w")
    assert list((tmp_path / "runs").iterdir()) == []


def peak_of(athletes, folder):
    recordings = (recording(f"a{number:02d}", "one", seconds=600) for number in range(athletes))
    cohort = Cohort.write(folder / "c", {"name": "c", "sampling_hz": 20}, recordings)
    tracemalloc.start()
    Windowing(cohort, SPEC, ("label",)).into(folder / "w")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_number_of_athletes(tmp_path):
    few, many = peak_of(2, tmp_path / "few"), peak_of(12, tmp_path / "many")
    assert many < 1.3 * few


@pytest.mark.real
def test_dsads_gives_the_published_number_of_windows(real_data, tmp_path):
    cohort = Cohort.open(real_data / "dsads")
    spec = SignalSpec(("torso_acc_x",), 25.0)
    single = Cohort(cohort.path, cohort.meta, cohort.athletes[:1])
    assert len(Windowing(single, spec, ("label",)).into(tmp_path / "w").of("subject_1").x) == 3819


def with_labels(folder, *columns):
    """A cohort in which each athlete's `state` is a channel of numbers or a column of texts."""
    found = []
    for number, values in enumerate(columns):
        one = recording(f"a{number}", "one")
        texts = isinstance(values[0], str)
        own = np.resize(np.array(values, object if texts else np.float32), len(one.t))
        (one.labels if texts else one.channels)["state"] = own
        found.append(one)
    return Cohort.write(folder / "c", {"name": "c", "sampling_hz": 20}, found)


def test_an_empty_column_of_one_athlete_takes_nobodys_labels(tmp_path):
    cohort = with_labels(tmp_path, ["tired"], ["fresh"], [np.nan])
    windows = Windowing(cohort, SPEC, ("state",)).into(tmp_path / "w")
    assert windows.labels == {"state": ("fresh", "tired")}
    assert windows.known("a0", "state").all()
    assert not windows.known("a2", "state").any()


def test_texts_of_some_and_numbers_of_others_are_no_task(tmp_path):
    cohort = with_labels(tmp_path, ["tired"], [3.0])
    with pytest.raises(DataError, match=r"'state' has numbers .* such as 'tired'"):
        Windowing(cohort, SPEC, ("state",)).into(tmp_path / "w")
