"""Write the tables of docs/repetitions.md from the committed results; `--check` only compares.

python benchmarks/rep_tables.py [--check]
"""

from collections.abc import Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "rep_tables.py", DOCS / "repetitions.md"
COUNTERS = {
    "live": "live",
    "autocorrelation": "autocorrelation, told the borders",
    "peaks": "peaks, told the borders",
}


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    found, by_name = committed("reps"), committed("named_reps")
    chosen = committed("rep_constants")["nested"]
    tables = [counts(found), borders(found), quiet(found), named(by_name), quiet_named(by_name)]
    told = "\n\n".join(map(markdown, [*tables, constants(chosen)]))
    keep_page(SCRIPT, PAGE, told)


def counts(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: sets, counter, shares of sets and of repetitions."""
    head = ["recordings", "athletes", "sets", "counter", "exact", "off by at most one", "miscount"]
    rows = [head]
    for name, one in found.items():
        rivals = {} if "shown" in name else COUNTERS  # they learn nothing of what is shown
        for counter, title in ({"live": "live"} | rivals).items() if "sets" in one else ():
            told = one["counters"][counter]
            who = [name, str(one["athletes"]), str(one["sets"])]
            rows.append([*who, title, *_shares(told)])
    return rows


def borders(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: seconds from a set's borders to what is told of them, median and nine of ten."""
    names = ("start_told_after_s", "begin_off_s", "end_off_s", "end_told_after_s")
    rows = [["sets between rests", "start told after, s", "start off by, s", "end off by, s"]]
    rows[0] += ["end told after, s", "repetitions told an hour between sets"]
    for name, one in found.items():
        between = one.get("false_an_hour_between_sets")
        if between is not None:
            told = (one["borders"][border] for border in names)
            cells = [f"{each['median']:.1f} (90 %: {each['nine_of_ten']:.1f})" for each in told]
            rows.append([name, *cells, f"{between:.0f}"])
    return rows


def quiet(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: what people did, hours, repetitions an hour that were none."""
    rows = [["where nobody trains", "hours", "repetitions told an hour"]]
    for name, one in found.get("false", {}).items():
        rows.append([name, f"{one['hours']:.2f}", f"{one['an_hour']:.0f}"])
    return rows


def named(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: recordings of unseen athletes, with the model's names and without."""
    head = ["recordings of unseen athletes", "athletes", "sets", "counted", "exact"]
    rows = [[*head, "off by at most one", "miscount", "sets rightly named"]]
    for name, both in found.items():
        for kind, one in both.items() if name != "false" else ():
            if one["sets"]:
                right = one.get("rightly_named")
                told = "–" if right is None else f"{100 * right:.0f} %"
                who = [name, str(one["athletes"]), str(one["sets"]), kind]
                rows.append([*who, *_shares(one["counters"]["live"]), told])
    return rows


def quiet_named(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: what unseen people did that is no exercise, and repetitions told of exercises."""
    rows = [["where nobody trains, exercises named by the model", "hours", "told an hour"]]
    for name, one in found["false"].items():
        rows.append([name, f"{one['hours']:.2f}", f"{one['an_hour']:.0f}"])
    return rows


def constants(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: cohorts, with constants set by hand and with those that training athletes chose."""
    head = ["athlete left out of", "athletes", "sets", "constants", "exact", "off by at most one"]
    rows = [[*head, "miscount", "chosen"]]
    for name, one in found.items():
        who = [name, str(one["athletes"]), str(one["sets"])]
        choices = ", ".join(f"{choice} × {times}" for choice, times in one["choices"].items())
        rows.append([*who, "set by hand", *_shares(one["by hand"]), ""])
        rows.append([*who, "chosen by the others", *_shares(one["chosen"]), choices])
    return rows


def _shares(told: Mapping[str, float]) -> list[str]:
    shares = (told["exact"], told["off_by_at_most_one"], told["miscount"])
    return [f"{100 * share:.1f} %" for share in shares]


if __name__ == "__main__":
    main()
