"""Heads that athletes accepted on their phones, kept as their versions."""

import math
import shutil
from datetime import datetime

from distride.bundle import Bundle, PersonalHead
from distride.errors import BundleError
from distride.runtime import Versions
from distride.runtime.folders import alone_in
from distride.serve.messages import Message
from distride.serve.problems import ABSENT, Refused
from distride.serve.schema import Account
from distride.serve.state import Server, record

SCORES = {"shared_score", "personal_score"}


class KeptHead(Message):
    """Which version of the athlete's own heads a sent one became."""

    version: int


def add_head(server: Server, athlete: Account, data: bytes, data_sha256: str) -> KeptHead:
    """The version that a head is; sent twice, it is there once.

    Args:
        server: Where.
        athlete: Whose.
        data: The bytes of the head's file.
        data_sha256: Of what it learnt from, by which the phone tells calibrations apart.

    Raises:
        Refused: The athlete has no bundle.
        BundleError: It is damaged, another athlete's, made for another body than their bundle's,
            or nothing may go live of it.
    """
    if athlete.bundle_id is None:
        raise Refused(404, ABSENT)
    head = Bundle.open(server.bundle_file(athlete.bundle_id)).personal_head_of(data)
    _check(head)
    versions = Versions(server.heads(athlete), athlete.name)
    version, is_new = versions.add_once(head, data_sha256, "phone")
    if is_new:
        with server.database.writing() as session:
            record(session, athlete.id, "head_accepted", athlete.id)
    return KeptHead(version=version.number)


def forget_heads(server: Server, athlete: Account) -> None:
    """Remove all versions, damaged ones too, once nobody writes them."""
    folder = Versions(server.heads(athlete), athlete.name).folder
    if folder.exists():
        with alone_in(folder):
            shutil.rmtree(folder)


def _check(head: PersonalHead) -> None:
    """What a coach's page reads of every version must be there."""
    try:
        is_dated = datetime.fromisoformat(head.created).tzinfo is not None
    except ValueError:
        is_dated = False
    if not is_dated:
        raise BundleError(
            f"The head was made at '{head.created:.40}': a date and time with its zone is needed, "
            "ISO 8601."
        )
    if not head.heads:
        raise BundleError("The guard let nothing of this head go live: keep the head in use.")
    for task, scores in head.scores.items():
        if scores.keys() != SCORES or not all(map(math.isfinite, scores.values())):
            raise BundleError(
                f"The head has the scores {sorted(scores)[:9]} for task '{task}': finite "
                f"{sorted(SCORES)} are needed."
            )
    if not head.heads.keys() <= head.scores.keys():
        raise BundleError("The head has a task that its guard did not judge: calibrate again.")
