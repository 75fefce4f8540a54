"""What Python reads in a head that the browser's runtime wrote: `read.py FOLDER HEAD`."""

import json
import sys
from pathlib import Path

from plain import plain
from stages import told_of

from distride.bundle import Bundle

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    own = Bundle.open(folder / "student.distride").personal_head(folder / sys.argv[2])
    sys.stdout.write(json.dumps(plain(told_of(own)), allow_nan=False))
