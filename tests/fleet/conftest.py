import numpy as np
import pytest

from distride.data import Cohort, Recording

SWING = {"still": 0.0, "slow": 1.0, "fast": 3.0}


def recorded(athlete, seed, labelled=True):
    """Eight seconds of each movement at 20 Hz, on the wrist of the tiny bundle."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.array(list(SWING), object), 160)
    t = np.arange(len(labels)) / 20.0
    swing = np.sin(2 * np.pi * np.array([SWING[one] for one in labels]) * t)
    gravity = np.array([0.0, 0.0, 9.81])
    values = np.outer(swing, [3.0, 1.0, 0.5]) + gravity + rng.normal(0, 0.3, (len(t), 3))
    channels = {
        f"wrist_acc_{axis}": column.astype(np.float32)
        for axis, column in zip("xyz", values.T, strict=True)
    }
    told = labels if labelled else np.full(len(t), "", object)
    return Recording(athlete, "one", t, channels, {"label": told})


@pytest.fixture
def squad(tmp_path):
    """Seven athletes: `d` has no label, the file of `e` is broken."""
    recordings = (recorded(name, seed, name != "d") for seed, name in enumerate("abcdefg"))
    cohort = Cohort.write(tmp_path / "squad", {"name": "squad", "sampling_hz": 20}, recordings)
    (cohort.path / "e.parquet").write_bytes(b"no Parquet")
    return cohort
