from collections.abc import Callable

import numpy as np
import pytest

from distride.data import Cohort, Recording
from distride.data.audit import Finding
from distride.data.simulate import simulate_athlete

META = {"name": "tiny", "sampling_hz": 50.0}


@pytest.fixture(scope="session")
def athletes() -> dict[str, list[Recording]]:
    """Four simulated athletes with two sessions each; not to be changed."""
    return {name: simulate_athlete(name, 0, 2) for name in ("ann", "bo", "cy", "di")}


@pytest.fixture
def written(tmp_path) -> Callable[..., Cohort]:
    """Writes recordings as a cohort."""

    def write(recordings, **meta):
        return Cohort.write(tmp_path / "cohort", META | meta, recordings)

    return write


@pytest.fixture
def still() -> Callable[..., Recording]:
    """Somebody who sits: gravity on one axis, coarse noise, two classes; columns may be added."""

    def sit(athlete, seed, name="r", seconds=60, rate_hz=50.0, **columns):
        rng = np.random.default_rng(seed)
        t = np.arange(round(seconds * rate_hz)) / rate_hz
        acc = rng.normal((0.0, 0.0, 9.81), 0.06, (len(t), 3))
        channels = {
            f"wrist_acc_{axis}": np.round(acc[:, index] / 0.15) * 0.15
            for index, axis in enumerate("xyz")
        }
        label = np.where(t < seconds / 2, "sit", "stand").astype(object)
        return Recording(
            athlete,
            name,
            t,
            {key: np.asarray(values, np.float32) for key, values in (channels | columns).items()},
            {"label": label},
        )

    return sit


@pytest.fixture(scope="session")
def judged() -> Callable[..., list[Finding]]:
    """Findings of one check on recordings, for checks that do not need the cohort itself."""

    def judge(check, recordings):
        own = {}
        for recording in recordings:
            own.setdefault(recording.athlete, []).append(recording)
        seen = {name: check.summarise(None, parts) for name, parts in own.items()}
        return list(check.judge(None, seen))

    return judge
