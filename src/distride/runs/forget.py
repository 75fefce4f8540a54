"""A run without one of its athletes: what is theirs goes, what rests upon them loses their name."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from distride.bundle import Bundle
from distride.errors import DataError
from distride.report import write_report
from distride.runs.bundling import BUNDLE
from distride.runs.finetune import RESULTS as FINETUNED
from distride.runs.folder import MARK, write_json
from distride.runs.train import RESULTS

ALIAS = "forgotten"
CACHES = ("windows", "soft-*.npz", "*.checkpoint", ".*.partial-*")
LABELS = ("label", "labels", "per_class_f1")  # hold no athlete, though one may be called so
HEAD = ".head.safetensors"
RECORDINGS = ".parquet"
META = "meta.json"  # of a cohort
ENDINGS = (HEAD, RECORDINGS, ".csv", ".f32", ".npz")  # of files that bear an athlete's name


def forget(folder: str | Path, athlete: str) -> None:
    """Leave nothing of an athlete in a run's folder, a transfer's, or one of a benchmark's work.

    Their heads, their file of a cohort that lies in the folder, as a demo's does, and all caches of
    signals and opinions are removed. Scores stay, because the means rest upon them, under a name
    that says nothing; reports are drawn anew and bundles, whose bodies do not change, name nobody.
    What a body learnt from them it still knows: only training again without them takes that back.
    The run cannot go on afterwards. Of a body that was fine-tuned to them nothing stays at all.

    Args:
        folder: The run's.
        athlete: Whose traces.

    Raises:
        DataError: The folder holds no run, or nothing of this athlete; or files of theirs are left
            that no run has made.
    """
    run = Path(folder)
    if not (run / MARK).exists():
        raise DataError(f"'{run}' is no folder of a run: give one that holds '{MARK}'.")
    if (run / FINETUNED).exists() and _read(run / FINETUNED)["athlete"] == athlete:
        _remove(run, (*CACHES, "*.safetensors", BUNDLE, FINETUNED, MARK))
    else:
        _forget_one_of_many(run, athlete)
    left = [*_own(run, athlete), *_naming(run, athlete)]
    if left:
        raise DataError(
            f"All of '{athlete}' is forgotten but {', '.join(map(str, left))}, which no run has "
            "made: remove it by hand."
        )


def _own(run: Path, athlete: str) -> list[Path]:
    """Files that bear an athlete's name."""
    names = {f"{athlete}{ending}" for ending in ENDINGS}
    return [file for file in run.rglob("*") if file.name in names]


def _naming(run: Path, athlete: str) -> list[Path]:
    """Tables that say an athlete's name."""
    tables = [file for file in run.rglob("*.json") if file.name != MARK]
    return [file for file in tables if _names(_read(file), athlete)]


def _is_ours(file: Path) -> bool:
    """Whether a file that bears an athlete's name is a head, or of a cohort."""
    in_cohort = file.name.endswith(RECORDINGS) and (file.parent / META).exists()
    return file.name.endswith(HEAD) or in_cohort


def _forget_one_of_many(run: Path, athlete: str) -> None:
    own, named = _own(run, athlete), _naming(run, athlete)
    bundles = [file for file in run.rglob(BUNDLE) if athlete in _held_out(file)]
    if not (own or named or bundles):
        raise DataError(f"'{run}' knows nothing of an athlete '{athlete}': nothing was changed.")
    _remove(run, CACHES)
    for file in filter(_is_ours, own):
        file.unlink(missing_ok=True)
    for bundle in bundles:
        _without_name(bundle, athlete)
    for table in named:
        if table.exists():  # an index of windows went with them
            write_json(table, _renamed(_read(table), athlete, _alias(_read(table))))
    if run / RESULTS in named and (run / "report.html").exists():
        write_report(run / RESULTS, run / "report.html")


def _remove(run: Path, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        for found in run.rglob(pattern):
            if found.is_dir():
                shutil.rmtree(found)
            else:
                found.unlink()


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _names(value: Any, athlete: str) -> bool:
    """Whether JSON says a name, alone or at the beginning of a sentence."""
    if isinstance(value, dict):
        parts = (part for name, part in value.items() if name not in LABELS)
        return any(_names(part, athlete) for part in (*value, *parts))
    if isinstance(value, list):
        return any(_names(part, athlete) for part in value)
    return isinstance(value, str) and (value == athlete or value.startswith(f"{athlete} "))


def _renamed(value: Any, athlete: str, alias: str) -> Any:
    """The same JSON with another name."""
    if isinstance(value, dict):
        return {
            _renamed(key, athlete, alias): part if key in LABELS else _renamed(part, athlete, alias)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_renamed(part, athlete, alias) for part in value]
    return alias + value[len(athlete) :] if _names(value, athlete) else value


def _alias(value: Any) -> str:
    """A name that the JSON does not say yet."""
    number, alias = 1, ALIAS
    while _names(value, alias):
        number += 1
        alias = f"{ALIAS}-{number}"
    return alias


def _held_out(bundle: Path) -> list[str]:
    return list(Bundle.open(bundle).manifest.training.protocol.get("held_out", []))


def _without_name(path: Path, athlete: str) -> None:
    """The same bundle, in whose protocol the athlete has no name."""
    bundle = Bundle.open(path)
    training = bundle.manifest.training
    protocol = _renamed(dict(training.protocol), athlete, ALIAS)
    manifest = replace(bundle.manifest, training=replace(training, protocol=protocol))
    replace(bundle, manifest=manifest).save(path)
