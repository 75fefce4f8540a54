"""The life of a personal model: every version of an athlete's heads, and which of them is live.

A folder holds one folder an athlete and nothing that they share, so that to forget one of them is
to remove what is theirs:

    HEADS/ATHLETE/versions.json            what is known of each version, and which is live
    HEADS/ATHLETE/0001.head.safetensors    the first version, and so on
"""

import hashlib
import re
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from distride.bundle import Bundle, PersonalHead, write_head
from distride.errors import BundleError, DataError
from distride.files import MEBIBYTE, read_limited
from distride.runtime.folders import alone_in, athlete_folder, remove_folder
from distride.runtime.history import (
    FORMAT,
    SHARED,
    History,
    Version,
    read_history,
    write_history,
)

INDEX = "versions.json"
OURS = re.compile(r"(\.?versions\.json|\.?\d{4,}\.head\.safetensors)(\.partial-.*)?")


class Versions:
    """The versions of one athlete's heads. Each change is whole on disk, or did not happen.

    Several processes may change them at once: they wait for each other.

    Args:
        folder: Of many athletes.
        athlete: Whose versions.
    """

    def __init__(self, folder: str | Path, athlete: str) -> None:
        self.athlete = athlete
        self.folder = athlete_folder(folder, athlete)

    @property
    def history(self) -> History:
        """As it is on disk; empty for an athlete who has no version.

        Raises:
            BundleError: Damaged, of another format, or another athlete's.
        """
        index = self.folder / INDEX
        if not index.exists():  # a process may have ended before it wrote the first one
            return History(FORMAT, self.athlete, SHARED, ())
        return read_history(index, self.athlete)

    def add(self, head: PersonalHead, data_sha256: str, reason: str = "calibration") -> Version:
        """Record a head; it goes live where its guard let any of its tasks.

        Args:
            head: As `Student.personalize` gives it.
            data_sha256: See `fingerprint`.
            reason: Why it was made.

        Raises:
            BundleError: It is another athlete's, or writing failed; what was live stays so.
        """
        self._check(head)
        with alone_in(self.folder):
            return self._added(head, data_sha256, reason)

    def add_once(
        self, head: PersonalHead, data_sha256: str, reason: str = "calibration"
    ) -> tuple[Version, bool]:
        """Record a head that may come again: its version, and whether it is new.

        It is the same if it was made at the same time from the same; arguments and errors are
        those of `add`.
        """
        self._check(head)
        with alone_in(self.folder):
            for one in self.history.versions:
                if (one.created, one.data_sha256) == (head.created, data_sha256):
                    return one, False
            return self._added(head, data_sha256, reason), True

    def live(self, bundle: Bundle) -> PersonalHead | None:
        """The heads in use; None where that is the shared head.

        Raises:
            BundleError: Damaged, or made for another body.
        """
        path = self.live_file
        return None if path is None else bundle.personal_head(path)

    @property
    def live_file(self) -> Path | None:
        """Where the heads in use lie; None where that is the shared head.

        Raises:
            BundleError: Damaged.
        """
        history = self.history
        if history.live == SHARED:
            return None
        path = self._file(history.live)
        if _sha256(path) != history.versions[history.live - 1].head_sha256:
            raise BundleError(
                f"'{path}' is not the file that '{INDEX}' names: roll back, or personalise again."
            )
        return path

    def rollback(self, to: int | None = None) -> int:
        """Make an earlier version live again, and give its number.

        Args:
            to: Which; the one that was live before the present one if not given, 0 for the shared
                head.

        Raises:
            BundleError: There is none before, or that one may not go live.
        """
        before = self.history
        if _earlier(before, to) == before.live:
            return before.live  # and nothing is made for who has none
        with alone_in(self.folder):
            history = self.history
            number = _earlier(history, to)
            self._write(replace(history, live=number))
        return number

    def forget(self) -> None:
        """Remove every version, damaged ones too; nothing of the athlete is left here.

        Raises:
            BundleError: There is nothing, or there are files that are not ours.
        """
        with alone_in(self.folder) if self.folder.is_dir() else nullcontext():
            remove_folder(self.folder, OURS)

    def _check(self, head: PersonalHead) -> None:
        if head.athlete != self.athlete:
            raise BundleError(
                f"The head is of '{head.athlete}' and these versions are of '{self.athlete}': give "
                "each athlete their own."
            )

    def _added(self, head: PersonalHead, data_sha256: str, reason: str) -> Version:
        history = self.history
        number = len(history.versions) + 1
        path = self._file(number)
        write_head(path, head)
        version = Version(
            number=number,
            parent=history.live,
            created=head.created,
            reason=reason,
            body_sha256=head.body_sha256,
            data_sha256=data_sha256,
            head_sha256=_sha256(path),
            tasks=tuple(head.heads),
            shots=head.shots,
            scores=head.scores,
            verdicts=head.reasons,
        )
        live = number if version.tasks else history.live
        self._write(replace(history, live=live, versions=(*history.versions, version)))
        return version

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:04d}.head.safetensors"

    def _write(self, history: History) -> None:
        write_history(self.folder / INDEX, history)


def athletes_in(folder: str | Path) -> tuple[str, ...]:
    """Who has versions in a folder.

    Raises:
        DataError: There is no such folder.
    """
    if not Path(folder).is_dir():
        raise DataError(f"'{folder}' is no folder of athletes' heads: personalise with --heads.")
    return tuple(sorted(unquote(index.parent.name) for index in Path(folder).glob(f"*/{INDEX}")))


def versions_of(folder: str | Path, athlete: str) -> Versions:
    """An athlete's versions, where there are any.

    Raises:
        DataError: There are none; the message names whose there are.
    """
    known = athletes_in(folder)
    if athlete not in known:
        raise DataError(
            f"'{folder}' has no versions of '{athlete}': it has those of "
            f"{', '.join(known[:9]) or 'nobody'}."
        )
    return Versions(folder, athlete)


def live_in(folder: Path, bundle: Bundle) -> PersonalHead | None:
    """The heads in use of the athlete whose folder of versions this is; None: the shared head.

    Raises:
        BundleError: It is no such folder; or a head is damaged, or made for another body.
    """
    if not (folder / INDEX).is_file():
        below = [str(index.parent) for index in sorted(folder.glob(f"*/{INDEX}"))]
        raise BundleError(
            f"'{folder}' is no athlete's folder of versions, it holds no {INDEX}: give "
            f"{' or '.join(below[:9]) or 'one that distride personalize --heads has made'}."
        )
    return Versions(folder.parent, unquote(folder.name)).live(bundle)


def is_calibrated(folder: Path) -> bool:
    """Whether the athlete whose folder of versions this is was ever calibrated, live or not."""
    return bool(Versions(folder.parent, unquote(folder.name)).history.versions)


def _earlier(history: History, to: int | None) -> int:
    """Which version a rollback makes live."""
    if to is None and history.live == SHARED:
        raise BundleError(
            f"The shared head is live for '{history.athlete}': there is nothing before it; "
            "personalise, or name a version."
        )
    number = history.versions[history.live - 1].parent if to is None else to
    allowed = [SHARED, *(one.number for one in history.versions if one.tasks)]
    if number not in allowed:
        raise BundleError(
            f"Version {number} of '{history.athlete}' cannot go live: {allowed} can, where "
            f"{SHARED} is the shared head."
        )
    return number


def _sha256(path: Path) -> str:
    return hashlib.sha256(read_limited(path, 16 * MEBIBYTE, BundleError)).hexdigest()
