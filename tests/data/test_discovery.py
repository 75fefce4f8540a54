import gzip

import pytest

from distride.data.discovery import find
from distride.errors import DataError

OWN = "t,wrist_acc_x\n0,1\n0.02,2\n"
MOTION = (
    "epoch (ms),time (01:00),elapsed (s),x-axis (g)\n1600000000000,d,0,1\n1600000000040,d,0,1\n"
)


def put(root, **files):
    """Files by path, '/' written as '__'."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def told(parts):
    return [(part.athlete, part.name("read"), len(part.files)) for part in parts]


def test_the_first_folder_below_is_the_athlete_and_deeper_ones_name_the_recording(tmp_path):
    put(tmp_path / "squad", ben__run_csv=OWN, ann__may__run_csv=OWN, loose_csv=OWN)
    parts, skipped = find([tmp_path / "squad"])
    assert told(parts) == [("ann", "may/read", 1), ("ben", "read", 1), ("squad", "read", 1)]
    assert skipped == []


def test_a_name_given_is_everybodys_and_keeps_the_folders_in_the_names(tmp_path):
    put(tmp_path / "squad", ann__may__run_csv=OWN, ben__run_csv=OWN)
    parts, _ = find([tmp_path / "squad"], "eva")
    assert told(parts) == [("eva", "ann/may/read", 1), ("eva", "ben/read", 1)]


def test_a_file_named_itself_is_of_an_athlete_of_its_name(tmp_path):
    put(tmp_path, anna_csv=OWN)
    (part,), _ = find([tmp_path / "anna.csv"])
    assert (part.athlete, part.asked) == ("anna", True)


def test_files_of_one_session_are_one_part(tmp_path):
    put(tmp_path, ann__squat_Accelerometer_csv=MOTION, ann__squat_Gyroscope_csv=MOTION)
    put(tmp_path, ann__later__squat_Gyroscope_csv=MOTION)
    parts, _ = find([tmp_path])
    assert told(parts) == [("ann", "later/squat", 1), ("ann", "squat", 2)]
    files = [tmp_path / "ann" / f"squat_{kind}.csv" for kind in ("Accelerometer", "Gyroscope")]
    (part,), _ = find(files)
    assert (part.athlete, part.name("read"), part.files) == ("squat", "squat", tuple(files))


def test_a_folder_that_is_a_session_gives_it_its_name_once(tmp_path):
    heart = "1560279825.0\n1.0\n60\n61\n"
    put(tmp_path, eva__morning__HR_csv=heart, eva__HR_csv=heart)
    parts, _ = find([tmp_path])
    assert told(parts) == [("eva", "eva", 1), ("eva", "morning", 1)]
    assert told(find([tmp_path / "eva" / "morning" / "HR.csv"])[0]) == [("morning", "morning", 1)]


def test_junk_is_left_out_and_told(tmp_path):
    put(tmp_path, run_csv=OWN, empty_csv="", other_csv="a,b\n1,2\n")
    put(tmp_path, **{".DS_Store": "x", "__MACOSX__x": "y", "Thumbs.db": "z"})
    parts, skipped = find([tmp_path])
    assert len(parts) == 1
    reasons = {one.file.name: one.reason for one in skipped}
    assert "--mapping" in reasons.pop("other.csv")
    assert reasons.pop("empty.csv") == "'empty.csv' is empty."
    assert set(reasons.values()) == {"no recording"}


def test_a_packed_file_is_found(tmp_path):
    (tmp_path / "run.csv.gz").write_bytes(gzip.compress(OWN.encode()))
    (part,), _ = find([tmp_path / "run.csv.gz"])
    assert (part.source.name, part.athlete) == ("csv", "run")


def test_what_is_named_itself_must_be_there_and_known(tmp_path):
    put(tmp_path, other_csv="a,b\n1,2\n")
    with pytest.raises(DataError, match="There is no"):
        find([tmp_path / "absent"])
    with pytest.raises(DataError, match="no format that is known"):
        find([tmp_path / "other.csv"])


def test_what_nearly_fits_a_csv_is_said(tmp_path):
    put(tmp_path, near_csv="time,a\n1,2\n")
    with pytest.raises(DataError, match="known, and as a CSV it has no column 't': declare"):
        find([tmp_path / "near.csv"])


def test_a_public_data_set_is_one_part(tmp_path):
    put(tmp_path, a01__p1__s01_csv="x").joinpath("a01/p1/s01.csv").rename(
        tmp_path / "a01" / "p1" / "s01.txt"
    )
    (part,), skipped = find([tmp_path])
    assert (part.source.name, part.files, skipped) == ("dsads", (tmp_path,), [])
