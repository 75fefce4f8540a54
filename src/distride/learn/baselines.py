"""Classic peers, on the very windows the nets get: they beat most deep models of this field.

MiniRocket with a ridge (Dempster et al. 2021, arXiv 2012.08791; aeon) and extremely randomised
trees on simple features (Geurts et al. 2006; scikit-learn); for values also what anybody could say
without a model: the mean of training, and of a heart rate an optical sensor's strongest frequency.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from distride.errors import MissingExtraError
from distride.models.net import Task
from distride.signals import HEART_RATE, is_optical

KERNEL_FEATURES = 3000
ALPHAS = np.logspace(-1, 4, 6)  # strengths of ridge, chosen by leaving one window out
TREES = 200
MOST_WINDOWS = 40_000  # what a classic peer is given at most; more would not fit in memory

PULSE_HZ = (40 / 60, 220 / 60)  # of a heart, at rest and at its fastest
PULSE_STEP_HZ = 0.5 / 60  # resolution of its spectrum, by padding with zeros

Predict = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class LabelledWindows:
    """Training windows ``(window, channel, time)`` with their truth ``(window,)``."""

    x: np.ndarray
    y: np.ndarray


Fit = Callable[[LabelledWindows, int], Predict]


@dataclass(frozen=True)
class Fitted:
    """A classic peer that has learnt; called, it gives classes, or values, of raw windows.

    Attributes:
        represent: Raw windows as the model takes them.
        model: Of scikit-learn's kind.
    """

    represent: Callable[[np.ndarray], np.ndarray]
    model: Any

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """``(window,)`` of ``(window, channel, time)``."""
        return np.asarray(self.model.predict(self.represent(x)))


def minirocket_ridge(train: LabelledWindows, seed: int) -> Fitted:
    """Fit MiniRocket's features and a ridge."""
    features = rocket_features(seed)
    from sklearn.linear_model import RidgeClassifierCV, RidgeCV
    from sklearn.pipeline import make_pipeline

    kind = RidgeClassifierCV if _is_classes(train.y) else RidgeCV
    model = make_pipeline(features, kind(ALPHAS))
    model.fit(_whole(train.x), train.y)
    return Fitted(_whole, model)


def rocket_features(seed: int) -> Any:
    """A transformer, not yet fitted: windows without NaN to MiniRocket's features, standardised.

    Raises:
        MissingExtraError: The extra `bench` is not installed.
    """
    try:
        from aeon.transformations.collection.convolution_based import MiniRocket
        from numba import config, get_num_threads
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError:
        raise MissingExtraError("MiniRocket", "bench") from None
    # Its usual layer is an OpenMP of its own, whose waiting threads take torch's half of its speed.
    config.THREADING_LAYER = "workqueue"
    threads = get_num_threads()  # -1 would ask for cores that this process may not use
    return make_pipeline(
        MiniRocket(KERNEL_FEATURES, random_state=seed, n_jobs=threads),
        StandardScaler(copy=False),
    )


def extra_trees(train: LabelledWindows, seed: int) -> Fitted:
    """Fit extremely randomised trees on simple features."""
    model = forest(seed, _is_classes(train.y))
    model.fit(simple_features(train.x), train.y)
    return Fitted(simple_features, model)


def forest(seed: int, classes: bool) -> Any:
    """Extremely randomised trees, not yet fitted; of classes rare ones count as much as others.

    Raises:
        MissingExtraError: The extra `bench` is not installed.
    """
    try:
        from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
    except ImportError:
        raise MissingExtraError("Extra trees", "bench") from None
    how = {"n_estimators": TREES, "min_samples_leaf": 2, "n_jobs": -1, "random_state": seed}
    if classes:
        return ExtraTreesClassifier(class_weight="balanced", **how)
    return ExtraTreesRegressor(**how)


def training_mean(train: LabelledWindows, seed: int) -> Predict:
    """Say the mean of training always: what knows nothing of the window."""
    mean = float(np.mean(train.y))
    return lambda x: np.full(len(x), mean)


def pulse_peak(optical: list[int], rate_hz: float) -> Fit:
    """Say the strongest frequency of an optical sensor, in beats a minute; nothing is fitted.

    The field's simplest reading (as in Zhang et al. 2015, TROIKA, whose method starts from it): the
    peak of the power spectrum between 40 and 220 bpm. Strides shake the sensor at their own rate,
    so in motion it often says the cadence.

    Args:
        optical: Positions of the sensor's channels; their spectra are normalised and added.
        rate_hz: Of the windows.
    """

    def predict(x: np.ndarray) -> np.ndarray:
        light = _whole(x)[:, optical]
        light = light - light.mean(axis=2, keepdims=True)
        size = max(light.shape[2], round(rate_hz / PULSE_STEP_HZ))
        power = np.abs(np.fft.rfft(light * np.hanning(light.shape[2]), size, axis=2)) ** 2
        power = (power / (power.sum(axis=2, keepdims=True) + 1e-12)).sum(axis=1)
        hz = np.fft.rfftfreq(size, 1 / rate_hz)
        of_a_heart = (hz >= PULSE_HZ[0]) & (hz <= PULSE_HZ[1])
        return np.asarray(60 * hz[of_a_heart][power[:, of_a_heart].argmax(axis=1)])

    return lambda train, seed: predict


BASELINES: dict[str, Callable[[LabelledWindows, int], Fitted]] = {
    "minirocket_ridge": minirocket_ridge,
    "extra_trees": extra_trees,
}


def peers_for(task: Task, channels: tuple[str, ...], rate_hz: float) -> Mapping[str, Fit]:
    """By name, what a task's models are compared with, given the student's channels."""
    if task.labels:
        return BASELINES
    optical = [number for number, name in enumerate(channels) if is_optical(name)]
    pulse = {"pulse_peak": pulse_peak(optical, rate_hz)} if optical else {}
    return {
        "training_mean": training_mean,
        **(pulse if task.name == HEART_RATE else {}),
        **BASELINES,
    }


def _is_classes(truth: np.ndarray) -> bool:
    return truth.dtype.kind == "i"


def simple_features(x: np.ndarray) -> np.ndarray:
    """Moments, quantiles, roughness and spectrum of each channel, and how channels go together.

    Args:
        x: ``(window, channel, time)``, NaN where a channel is absent.

    Returns:
        ``(window, feature)`` float32.
    """
    x = _whole(x)
    quantiles = np.quantile(x, [0.05, 0.25, 0.5, 0.75, 0.95], axis=2)
    step = np.diff(x, axis=2)
    spectrum = np.abs(np.fft.rfft(x - x.mean(axis=2, keepdims=True), axis=2)) ** 2
    power = spectrum.sum(axis=2) + 1e-9
    edges = np.linspace(0, spectrum.shape[2], 5).astype(int)[:-1]
    bands = np.add.reduceat(spectrum, edges, axis=2) / power[:, :, None]
    parts = [
        x.mean(axis=2),
        x.std(axis=2),
        *quantiles,
        np.abs(step).mean(axis=2),
        step.std(axis=2),
        np.log(power),
        spectrum.argmax(axis=2),
        *np.moveaxis(bands, 2, 0),
        _correlations(x),
    ]
    return np.asarray(np.concatenate(parts, axis=1), np.float32)


def _correlations(x: np.ndarray) -> np.ndarray:
    centred = x - x.mean(axis=2, keepdims=True)
    scaled = centred / (np.linalg.norm(centred, axis=2, keepdims=True) + 1e-9)
    matrix = scaled @ scaled.transpose(0, 2, 1)
    return np.asarray(matrix[:, *np.triu_indices(x.shape[1], 1)])


def _whole(x: np.ndarray) -> np.ndarray:
    """Absent channels as zeros: these models know no other way."""
    return np.nan_to_num(np.asarray(x, np.float32))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep to itself what MiniRocket's libraries change and say.

    numba takes torch's number of threads too, and sums of other parts end in other digits: a fold
    would depend on whether another went before it. aeon remarks on every channel that rests.
    """
    threads = torch.get_num_threads()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Data seen by instance of MiniRocket")
            yield
    finally:
        torch.set_num_threads(threads)
