"""Recordings that are in a cohort twice: under two athletes, or under two names of one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from distride.data.audit.check import Check
from distride.data.audit.finding import Finding, Where
from distride.data.audit.fingerprint import Fingerprints, fingerprints_of, joined
from distride.data.audit.matching import Candidate, candidates
from distride.data.audit.same import Match, same_stretch
from distride.data.cohort import Cohort
from distride.data.recording import Recording

MOST_FINGERPRINTS = 4_000_000  # of a cohort: 80 MB
SMALL_SHARE = 0.1  # of a recording; and
SMALL_S = 3.0  # so long: less is shared by no two windows of a usual length
ATHLETES_AT_ONCE = 4  # in memory while pairs are compared

Pair = tuple[str, str]


@dataclass(frozen=True)
class Sketch:
    """What is kept of an athlete: how many recordings, and which content lies where."""

    recordings: int
    fingerprints: Fingerprints


def _summarise(cohort: Cohort, recordings: list[Recording]) -> Sketch:
    most = MOST_FINGERPRINTS // len(cohort.athletes)
    return Sketch(len(recordings), fingerprints_of(recordings, most))


def _judge(cohort: Cohort, sketches: Mapping[str, Sketch]) -> Iterator[Finding]:
    for (one, other), matches in _matches(cohort, sketches).items():
        if one == other:
            yield _within_one(one, matches)
        else:
            yield _between_two(one, other, matches)


SHARED = Check(_summarise, _judge)


def _matches(cohort: Cohort, sketches: Mapping[str, Sketch]) -> dict[Pair, list[Match]]:
    owners: list[tuple[str, int]] = []
    parts = []
    for athlete, sketch in sketches.items():
        found = sketch.fingerprints
        numbered = found.recording + len(owners)
        parts.append(Fingerprints(found.content, numbered, found.start, found.stop))
        owners += [(athlete, number) for number in range(sketch.recordings)]
    read = lru_cache(maxsize=ATHLETES_AT_ONCE)(cohort.read)
    matches: dict[Pair, list[Match]] = defaultdict(list)
    for pair, likely in _by_athletes(candidates(joined(parts)), owners).items():
        for candidate in likely:
            first, second = (
                read(owners[number][0])[owners[number][1]]
                for number in (candidate.first, candidate.second)
            )
            match = same_stretch(first, second, candidate)
            if match:
                matches[pair].append(match)
    return matches


def _by_athletes(
    likely: list[Candidate], owners: list[tuple[str, int]]
) -> dict[Pair, list[Candidate]]:
    """In the order of athletes, so that few are read again."""
    pairs: dict[Pair, list[Candidate]] = defaultdict(list)
    for candidate in likely:
        pairs[owners[candidate.first][0], owners[candidate.second][0]].append(candidate)
    return dict(sorted(pairs.items()))


def _between_two(one: str, other: str, matches: list[Match]) -> Finding:
    return Finding(
        "shared-recording",
        "invalidates",
        f"hold the same signal: {_told(matches)}",
        f"Find out whose it is and remove it from the other; if it is all they have, {one} and "
        f"{other} are one athlete",
        _where((one, other), matches),
        *_sure(matches),
    )


def _within_one(athlete: str, matches: list[Match]) -> Finding:
    large = any(match.share >= SMALL_SHARE or match.seconds >= SMALL_S for match in matches)
    return Finding(
        "shared-recording",
        "invalidates" if large else "warning",
        f"two recordings hold the same signal: {_told(matches)}",
        "Keep it once: an athlete's earlier windows calibrate and the later ones test",
        _where((athlete,), matches),
        *_sure(matches),
    )


def _told(matches: list[Match]) -> str:
    longest = _longest(matches)
    (start_s, stop_s), (other_s, _) = longest.first_s, longest.second_s
    pairs = {(match.first, match.second) for match in matches}
    more = f"; {len(pairs)} pairs of recordings in all" if len(pairs) > 1 else ""
    return (
        f"'{longest.first[1]}' {start_s:.1f}–{stop_s:.1f} s is '{longest.second[1]}' from "
        f"{other_s:.1f} s on, {longest.share:.0%} of the shorter one{more}"
    )


def _sure(matches: list[Match]) -> tuple[float, str]:
    best = max(matches, key=lambda match: len(match.columns) * match.rows)
    agree, compared = len(best.columns), best.compared
    return (
        round(best.correlation * agree / compared, 3),
        f"correlation {best.correlation:.4f} in {agree} of {compared} columns, {best.rows} rows",
    )


def _where(athletes: tuple[str, ...], matches: list[Match]) -> Where:
    names = dict.fromkeys(
        "/".join(recording) for match in matches for recording in (match.first, match.second)
    )
    longest = _longest(matches)
    return Where(athletes, tuple(names), longest.columns, longest.first_s)


def _longest(matches: list[Match]) -> Match:
    return max(matches, key=lambda match: match.seconds)
