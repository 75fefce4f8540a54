"""The smallest file of every format, written as the vendor's device would."""

import gzip
import struct

import pytest

EPOCH_FIT = 631_065_600  # FIT counts from 1989-12-31
START = 1_600_000_000
CRC_TABLE = (
    *(0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401),
    *(0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400),
)
TYPES = {"B": 0x02, "H": 0x84, "I": 0x86, "i": 0x85, "E": 0x00}


def crc(data):
    value = 0
    for byte in data:
        for nibble in (byte & 0xF, byte >> 4):
            value = (value >> 4) ^ CRC_TABLE[value & 0xF] ^ CRC_TABLE[nibble]
    return value


def message(number, fields, rows):
    """A definition of `(field, type)` and its data; types are those of struct, E an enum."""
    sizes = {one: struct.calcsize("B" if one == "E" else one) for one in TYPES}
    definition = struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields))
    for field, kind in fields:
        definition += struct.pack("<BBB", field, sizes[kind], TYPES[kind])
    form = "<B" + "".join(kind for _, kind in fields).replace("E", "B")
    return definition + b"".join(struct.pack(form, 0, *row) for row in rows)


def fit(*messages):
    """A FIT file of messages, with its header and checksums."""
    body = b"".join(messages)
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    header += struct.pack("<H", crc(header))
    return header + body + struct.pack("<H", crc(header + body))


def fit_run(kind=4, seconds=20, start=START - EPOCH_FIT):
    """A run of heart rate, cadence, speed and distance, one record a second."""
    rows = [(start + at, 120 + at, 85, 3000 + at, 300 * at) for at in range(seconds)]
    return fit(
        message(0, [(0, "E")], [(kind,)]),
        message(20, [(253, "I"), (3, "B"), (4, "B"), (6, "H"), (5, "I")], rows),
        message(18, [(2, "I"), (5, "E")], [(start, 1)]),
    )


TCX_POINT = (
    "<Trackpoint><Time>2020-06-01T14:52:{at:02d}Z</Time><AltitudeMeters>{at}.5</AltitudeMeters>"
    "<HeartRateBpm><Value>{rate}</Value></HeartRateBpm><Extensions><ns3:TPX>"
    "<ns3:Speed>3.5</ns3:Speed></ns3:TPX></Extensions></Trackpoint>"
)
GPX_POINT = (
    '<trkpt lat="52.{at:02d}" lon="4.5"><ele>1.5</ele><time>2020-06-01T14:52:{at:02d}Z</time>'
    "<extensions><ns3:TrackPointExtension><ns3:hr>{rate}</ns3:hr></ns3:TrackPointExtension>"
    "</extensions></trkpt>"
)


def tcx(points=20):
    body = "".join(TCX_POINT.format(at=at, rate=120 + at) for at in range(points))
    return (
        '<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/'
        'TrainingCenterDatabase/v2" xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/'
        f'v2"><Activities><Activity Sport="Biking"><Lap><Track>{body}</Track></Lap></Activity>'
        "</Activities></TrainingCenterDatabase>"
    )


def gpx(points=20):
    body = "".join(GPX_POINT.format(at=at, rate=120 + at) for at in range(points))
    return (
        '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk>'
        f"<type>cycling</type><trkseg>{body}</trkseg></trk></gpx>"
    )


def rows(head, form, count=20, end="\n"):
    """Lines of a table; the form sees the row's number and its milliseconds at 50 Hz."""
    lines = [
        form.format(at=at, ms=20 * at, s=f"{at // 50:02d}", us=20_000 * (at % 50))
        for at in range(count)
    ]
    return end.join([*head, *lines]) + end


UMAFALL = [
    "% Universidad de Malaga",
    "",
    "% Name: Subject_07",
    "% Description of the movement: Jogging",
    "%f8:95:c7:f3:ba:82; 0; RIGHTPOCKET; lge",
    "%B0:B4:48:B8:77:03; 4; ANKLE; SensorTag",
    "% TimeStamp; Sample No; X-Axis; Y-Axis; Z-Axis; Sensor Type; Sensor ID;",
]
ANDROID = ",timestamp,ACC_0,ACC_1,ACC_2,GYRO_0,GYRO_1,GYRO_2,PRESS,label,ACC_012"


def written():
    """By the source's name: a file's name and its bytes."""
    texts = {
        "tcx": ("ride.tcx", tcx()),
        "gpx": ("ride.gpx", gpx()),
        "hrm": (
            "old.hrm",
            "[Params]\r\nDate=20040103\r\nStartTime=2:16:26.0\r\nInterval=5\r\n\r\n[HRData]\r\n"
            + "".join(f"{60 + at}\r\n" for at in range(20)),
        ),
        "metamotion": (
            "squat_MetaWear_C42732BE255C_Accelerometer_50.000Hz_1.4.4.csv",
            rows(
                ["epoch (ms),time (01:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)"],
                "16000000{ms:05d},2020-09-13T13:26:40,0.0,0.0,1.0,0.0",
            ),
        ),
        "polar": (
            "Polar_Sense_ACC.txt",
            rows(
                ["Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]"],
                "2022-04-25T11:39:{s}.{us:06d};70420197{ms:04d}000000;0;1000;0",
            ),
        ),
        "empatica": (
            "ACC.csv",
            rows(["1560279825.0, 1560279825.0, 1560279825.0", "32.0, 32.0, 32.0"], "0,0,64"),
        ),
        "axivity": (
            "thigh.csv",
            rows([], "2018-11-08 11:34:{s}.{us:06d},0.0,0.0,-1.0"),
        ),
        "garmin_sdk": ("acc.csv", rows([], "2019-10-16T12:09:{s}.{us:06d}+02:00;0;1000;0")),
        "android_watch": (
            "swim.csv",
            rows([ANDROID], "{at},{ms}000000.5,0,9.81,0,0.1,0.2,0.3,1016.5,4.0,9.81"),
        ),
        "phyphox": (
            "Raw Data.csv",
            rows(
                [
                    '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)",'
                    '"Acceleration z (m/s^2)","Absolute acceleration (m/s^2)"'
                ],
                "0.{ms:03d},0,0,9.81,9.81",
            ),
        ),
        "umafall": ("UMAFall_Subject_07.csv", rows(UMAFALL, "{ms};{at};0;-1.0;0;0;0")),
        "csv": (
            "session.csv",
            rows(["t,wrist_acc_x,wrist_acc_y,wrist_acc_z,label"], "0.{ms:03d},0,0,9.81,run"),
        ),
    }
    return {
        "fit": ("run.fit", fit_run()),
        **{name: (file, text.encode()) for name, (file, text) in texts.items()},
    }


@pytest.fixture(scope="session")
def samples():
    """By the source's name: a file's name and its bytes; 20 samples each."""
    return written()


@pytest.fixture
def sample(samples, tmp_path):
    """Writes the smallest file of a format, changed if wanted, and gives its path."""

    def write(source, change=lambda data: data, name=None, packed=False):
        file, data = samples[source]
        path = tmp_path / (name or file)
        path.parent.mkdir(parents=True, exist_ok=True)
        changed = change(data)
        path.write_bytes(gzip.compress(changed) if packed else changed)
        return path

    return write


@pytest.fixture
def fit_file():
    """Builds FIT files: `fit_file.fit(fit_file.message(...))`, `fit_file.run(...)`."""

    class Builder:
        fit, message, run = staticmethod(fit), staticmethod(message), staticmethod(fit_run)

    return Builder
