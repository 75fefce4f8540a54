import numpy as np
import pytest

SWING = {"still": 0.0, "slow": 1.0, "fast": 3.0, "wave": 6.0}


def written(path, order, seed=0, axes="xyz"):
    """Ten seconds of each movement at 20 Hz as a labelled file."""
    rng = np.random.default_rng(seed)
    rows = [",".join(["t", "recording", *(f"wrist_acc_{axis}" for axis in axes), "label"])]
    for number, movement in enumerate(order):
        for at in range(200):
            swing = np.sin(2 * np.pi * SWING[movement] * at / 20)
            values = np.array([3 * swing, swing, 0.5 * swing + 9.81]) + rng.normal(0, 0.3, 3)
            cells = [number * 10 + at / 20, "r", *values[: len(axes)], movement]
            rows.append(",".join(map(str, cells)))
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def swings():
    """Writes a labelled CSV of the tiny bundle's movements."""
    return written
