"""An athlete's sessions so far: a folder to which one file a session is added, none ever changed.

A folder holds one folder an athlete and nothing that they share, so that to forget one of them is
to remove what is theirs:

    HISTORY/ATHLETE/20260501T160000Z.session.json    the summary of the session that began then
"""

import datetime as dt
import re
from pathlib import Path
from urllib.parse import unquote

from distride.errors import GuidanceError
from distride.files import MEBIBYTE, read_limited, write_whole
from distride.guidance.summary import Summary, read_summary
from distride.runtime import athlete_folder, remove_folder

SUFFIX = ".session.json"
OURS = re.compile(r"\.?\d{8}T\d{6}Z\.session\.json(\.partial-.*)?")


class Past:
    """The sessions of one athlete. Adding one is whole on disk, or did not happen.

    Args:
        folder: Of many athletes.
        athlete: Whose sessions.
    """

    def __init__(self, folder: str | Path, athlete: str) -> None:
        self.athlete = athlete
        self.folder = athlete_folder(folder, athlete)

    def summaries(self) -> tuple[Summary, ...]:
        """In the order of time; none of an athlete who has no session yet.

        Raises:
            GuidanceError: One is damaged, of another format, or another athlete's.
        """
        return tuple(self._read(file) for file in sorted(self.folder.glob(f"*{SUFFIX}")))

    def before(self, summary: Summary) -> tuple[Summary, ...]:
        """Those that began earlier than this one."""
        return tuple(one for one in self.summaries() if one.began < summary.began)

    def add(self, summary: Summary) -> Path:
        """Keep a session; the file of it.

        Raises:
            GuidanceError: It is another athlete's, or overlaps one that is there: kept twice, it
                would count twice. Or it cannot be written.
        """
        if summary.athlete != self.athlete:
            raise GuidanceError(
                f"The session is of '{summary.athlete}' and these are of '{self.athlete}': keep it "
                "under its own athlete."
            )
        for one in self.summaries():
            if one.began < _ended(summary) and summary.began < _ended(one):
                raise GuidanceError(
                    f"'{self.athlete}' has a session from {one.start} on, and this one began "
                    f"{summary.start}: the same time counts once."
                )
        path = self.folder / f"{summary.began.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
        write_whole(path, summary.to_json(), GuidanceError)
        return path

    def forget(self) -> None:
        """Remove every session, damaged ones too; nothing of the athlete is left here.

        Raises:
            BundleError: There is nothing, or there are files that are not ours.
        """
        remove_folder(self.folder, OURS)

    def _read(self, file: Path) -> Summary:
        summary = read_summary(read_limited(file, MEBIBYTE, GuidanceError), str(file))
        if summary.athlete != self.athlete:
            raise GuidanceError(
                f"'{file}' holds a session of '{summary.athlete}' and not of '{self.athlete}': was "
                "a folder renamed?"
            )
        return summary


def is_past(folder: str | Path, athlete: str) -> bool:
    """Whether a folder holds sessions of an athlete."""
    return any(athlete_folder(folder, athlete).glob(f"*{SUFFIX}"))


def athletes_with_sessions(folder: str | Path) -> tuple[str, ...]:
    """Who has sessions in a folder.

    Raises:
        GuidanceError: There is no such folder.
    """
    if not Path(folder).is_dir():
        raise GuidanceError(
            f"'{folder}' is no folder of sessions: keep one there with 'distride session keep'."
        )
    files = Path(folder).glob(f"*/*{SUFFIX}")
    return tuple(sorted({unquote(file.parent.name) for file in files}))


def _ended(summary: Summary) -> dt.datetime:
    """A second at least after it began."""
    return summary.began + dt.timedelta(seconds=max(summary.seconds, 1.0))
