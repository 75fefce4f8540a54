"""Pages whose results a script writes between marks, so that a test can compare them."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS, RESULTS = ROOT / "docs", ROOT / "benchmarks" / "results"


def marks(script: str) -> tuple[str, str]:
    """Between which a script writes."""
    return f"<!-- results: benchmarks/{script} -->", "<!-- /results -->"


def filled(text: str, script: str, told: str) -> str:
    """A page with what is told between a script's marks."""
    begin, end = marks(script)
    before, rest = text.split(begin)
    return f"{before}{begin}\n{told}\n{end}{rest.split(end, 1)[1]}"


def committed(name: str) -> Any:
    """The committed results of a benchmark."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def keep_page(script: str, page: Path, told: str) -> None:
    """Write what is told into a page, unless it stands there; see `keep_up_to_date`."""
    keep_up_to_date(script, {page: filled(page.read_text(encoding="utf-8"), script, told)})


def keep_up_to_date(script: str, files: Mapping[Path, str]) -> None:
    """Write the files that are stale; with `--check` only say which, and end with 1."""
    parser = argparse.ArgumentParser(description="Write results into pages.")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    check = parser.parse_args().check
    stale = {file: text for file, text in files.items() if held(file) != text}
    if check and stale:
        names = ", ".join(str(file.relative_to(ROOT)) for file in stale)
        sys.exit(f"{names}: run 'python benchmarks/{script}'.")
    for file, text in stale.items():
        file.write_text(text, encoding="utf-8")


def held(file: Path) -> str | None:
    """What a file says; None where there is none."""
    return file.read_text(encoding="utf-8") if file.exists() else None


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """A table of rows, the first its head."""
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
