"""Golden vectors: what Python answers at every stage, which the browser's runtime must equal.

`python web/vectors FOLDER` writes them; `make test` does, so that they cannot go stale. They come
from simulated athletes alone. The body is the shipped architecture with random weights, and the
heads are fitted in closed form: that takes seconds, and every stage is as it is with trained ones.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from athletes import recorded, write_csv
from counting import counted, exercised
from damage import flipped, wrong_bundles, wrong_heads
from guiding import guided
from plain import plain
from stages import judged, of_windows, resampled, smoothed, streamed, told_of
from student import write_student

from distride.bundle import Bundle, write_head
from distride.runtime import Student

CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def write(folder: Path) -> None:
    """Everything that the web tests read."""
    folder.mkdir(parents=True, exist_ok=True)
    path, head_path = folder / "student.distride", folder / "dora.head.safetensors"
    others = [recorded(name) for name in ("ann", "ben", "cyd")]
    write_student(path, others)
    student, athlete = Student.open(path), recorded("dora")
    open_head = student.bundle.personal_head
    own = student.personalize([athlete], created=CREATED)
    write_head(head_path, own)
    for one in (*others, athlete):
        write_csv(folder / f"{one.athlete}.csv", one)
    found = {
        "resample": list(resampled()),
        "windows": of_windows(student, athlete),
        "smoothing": list(smoothed()),
        "streams": list(streamed(student, athlete, own)),
        "personal": told_of(own),
        "guard": list(judged(student, athlete)),
        "guidance": guided(),
        "counting": list(counted()),
        "exercises": exercised(),
        "bundles": [*flipped(path, Bundle.open), *wrong_bundles(path)],
        "heads": [*flipped(head_path, open_head), *wrong_heads(head_path, open_head)],
    }
    text = json.dumps(plain(found), allow_nan=False)
    (folder / "vectors.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
