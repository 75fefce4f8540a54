"""`distride audit`: what is wrong with a cohort before anybody believes a number from it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from distride.data import Cohort
    from distride.data.audit import Finding

MOST_LINES = 3  # findings of one kind that are told one by one; of more, the first
MOST_NAMES = 4
HEADINGS = {
    "invalidates": ("red", "Invalidates an evaluation"),
    "warning": ("yellow", "Warnings"),
    "note": ("cyan", "Notes"),
}


def command(
    cohort: Annotated[Path, typer.Argument(help="A cohort's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Every finding, for programs.")] = False,
) -> None:
    """Look for leaks, copies and broken sensors; exit 1 where an evaluation would be invalid."""
    import json

    from distride.cli.progress import watched
    from distride.data import Cohort
    from distride.data.audit import audit, invalidates

    opened = Cohort.open(cohort)
    with watched(quiet=as_json) as progress:
        findings = audit(opened, progress)
    if as_json:
        told = {
            "cohort": opened.name,
            "athletes": len(opened.athletes),
            "valid": not invalidates(findings),
            "findings": [finding.to_dict() for finding in findings],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(opened, findings)
    if invalidates(findings):
        raise typer.Exit(1)


def _show(cohort: "Cohort", findings: "tuple[Finding, ...]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    for severity, (colour, heading) in HEADINGS.items():
        alike = [finding for finding in findings if finding.severity == severity]
        if not alike:
            continue
        console.print(Text(f"\n{heading}", f"bold {colour}"))
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column(overflow="fold")  # names in Chinese are not cut where no blank parts them
        for check, seen, todo, basis in _lines(alike, len(cohort.athletes)):
            told = Text.assemble(seen, "\n", (f"→ {todo}.", "bold"), "\n", (basis, "dim"))
            table.add_row(Text(check, colour), told)
        console.print(table)
    console.print(Text(f"\n{_verdict(cohort.name, findings)}", "bold"))


def _lines(findings: "list[Finding]", athletes: int) -> Iterator[tuple[str, str, str, str]]:
    """Check, what was seen, what to do, how sure: one line for many athletes with the same."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        several = len(finding.where.athletes) > 1  # what to do then names them
        kinds.setdefault((finding.check, "" if several else finding.todo), []).append(finding)
    for (check, _), alike in kinds.items():
        hit = tuple(dict.fromkeys(name for one in alike for name in one.where.athletes))
        single = len(alike) <= MOST_LINES or not hit
        for finding in alike if single else alike[:1]:
            seen = f"{_names(finding.where.athletes)}{finding.seen}."
            seen = seen if finding.where.athletes else seen[0].upper() + seen[1:]
            if not single:
                seen = (
                    f"In {len(hit)} of {athletes} athletes ({_names(hit, '')}): {seen} "
                    f"The first of {len(alike)} findings; --json tells all."
                )
            yield check, seen, finding.todo, f"{finding.sure:.0%} sure: {finding.basis}."


def _names(athletes: tuple[str, ...], end: str = ": ") -> str:
    if not athletes:
        return ""
    more = f" and {len(athletes) - MOST_NAMES} more" if len(athletes) > MOST_NAMES else ""
    return ", ".join(athletes[:MOST_NAMES]) + more + end


def _verdict(name: str, findings: "tuple[Finding, ...]") -> str:
    count = {severity: sum(one.severity == severity for one in findings) for severity in HEADINGS}
    if count["invalidates"]:
        return (
            f"Verdict: an evaluation on '{name}' would be invalid. Findings that make it so: "
            f"{count['invalidates']}; warnings: {count['warning']}."
        )
    if count["warning"]:
        return (
            f"Verdict: '{name}' can be evaluated. Warnings to tell with every result: "
            f"{count['warning']}."
        )
    return f"Verdict: '{name}' can be evaluated; nothing was found that speaks against it."
