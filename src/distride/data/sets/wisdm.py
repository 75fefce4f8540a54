"""WISDM (2019): 51 people with a phone in the pocket and a watch, 18 activities at 20 Hz.

A file a subject, device and sensor, `raw/phone/accel/data_1600_accel_phone.txt`, in Android's
units, m/s² and rad/s. The two devices do not share a clock, so each gives recordings of its own.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from distride.data.recording import LABEL, Recording
from distride.data.sets.columns import triad
from distride.data.sets.layout import Layout, numbered
from distride.data.sets.losses import told, told_first
from distride.data.sets.text import text_lines
from distride.data.sets.wisdm_samples import (
    DAMAGED,
    NANOSECONDS,
    RATE_HZ,
    REPEATED,
    Stream,
    read_stream,
)
from distride.data.source import Loaded, Source

DEVICES = {"phone": "pocket", "watch": "wrist"}  # and where they are worn
SENSORS = {"accel": "acc", "gyro": "gyr"}
LAYOUT = Layout("WISDM", tuple(f"raw/{one}/*/data_*_{one}.txt" for one in DEVICES))
SILENT = "{} of its sensors recorded nothing in this activity: NaN there."
ACTIVITIES = {
    "A": "walking",
    "B": "jogging",
    "C": "stairs",
    "D": "sitting",
    "E": "standing",
    "F": "typing",
    "G": "brushing_teeth",
    "H": "eating_soup",
    "I": "eating_chips",
    "J": "eating_pasta",
    "K": "drinking",
    "L": "eating_sandwich",
    "M": "kicking",
    "O": "playing_catch",
    "P": "dribbling",
    "Q": "writing",
    "R": "clapping",
    "S": "folding_clothes",
}


def read(folder: Path, athlete: str) -> Iterator[Loaded]:
    """One recording a device and activity, `watch_walking`, athlete after athlete.

    Raises:
        DataError: Another layout, or a file without a readable sample.
    """
    raw = LAYOUT.home(folder) / "raw"
    files = {
        (device, sensor): numbered(raw / device / sensor, f"data_*_{sensor}_{device}.txt")
        for device in DEVICES
        for sensor in SENSORS
    }
    for subject in sorted(set().union(*files.values())):
        for device in DEVICES:
            own = {
                SENSORS[sensor]: files[device, sensor][subject]
                for sensor in SENSORS
                if subject in files[device, sensor]
            }
            yield from _device(own, str(subject), device)


def _device(files: Mapping[str, Path], subject: str, device: str) -> Iterator[Loaded]:
    """Recordings of one device; its sensors share a clock, but not always the very times."""
    streams, lost = {}, 0
    for sensor, file in files.items():
        streams[sensor], damaged = read_stream(text_lines(file), subject, ACTIVITIES, file)
        lost += damaged
    labels = [label for stream in streams.values() for label in stream.label.tolist()]
    recordings = (
        _load(
            {sensor: stream.of(stream.label == label) for sensor, stream in streams.items()},
            f"subject_{subject}",
            device,
            label,
        )
        for label in dict.fromkeys(labels)
    )
    yield from told_first(recordings, (lost, DAMAGED))


def _load(streams: Mapping[str, Stream], athlete: str, device: str, label: str) -> Loaded:
    """Sensors together, NaN where one has no sample."""
    ns = np.unique(np.concatenate([stream.ns for stream in streams.values()]))
    channels: dict[str, np.ndarray] = {}
    repeated = 0
    for sensor, stream in streams.items():
        own, first = np.unique(stream.ns, return_index=True)
        xyz = np.full((len(ns), 3), np.nan)
        xyz[np.searchsorted(ns, own)] = stream.xyz[first]
        channels |= triad(f"{DEVICES[device]}_{sensor}", xyz)
        repeated += len(stream.ns) - len(own)
    labels = np.full(len(ns), label, object)
    t = (ns - ns[0]) / NANOSECONDS
    recording = Recording(athlete, f"{device}_{label}", t, channels, {LABEL: labels})
    silent = sum(len(stream.ns) == 0 for stream in streams.values())
    warnings = told((repeated, REPEATED), (silent, SILENT))
    return Loaded(recording, warnings, float(ns[0]) / NANOSECONDS)


SOURCE = Source(
    name="wisdm",
    title="WISDM Smartphone and Smartwatch Activity and Biometrics",
    detects=LAYOUT.detects,
    read=read,
    meta={
        "licence": "CC BY 4.0 (UCI ML repository set 507)",
        "citation": 'G. Weiss, K. Yoneda, T. Hayajneh, "Smartphone and Smartwatch-Based '
        'Biometrics Using Activities of Daily Living", IEEE Access 7, 2019; '
        "UCI doi 10.24432/C5HK59",
        "sampling_hz": RATE_HZ,
        "left_out": "arff_files: features made of these signals",
        "anomalies": ["phone and watch have no common clock: a recording each"],
    },
)
