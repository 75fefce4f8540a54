"""Write the results tables of the READMEs from the committed results; `--check` only compares.

python benchmarks/tables.py [--check]
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pages import RESULTS, ROOT, filled, keep_up_to_date, markdown

from distride.report.comparisons import COACH_SHOTS, against, best_peer

SCRIPT = "tables.py"
ABSENT = "–"
LANGUAGES = {"README.md": "en", "README.zh-CN.md": "zh"}

Results = Mapping[str, Any]
Words = Mapping[str, str]
"""By language."""


@dataclass(frozen=True)
class Column:
    """One number of each cohort, and its head in both languages."""

    en: str
    zh: str
    cell: Callable[[Results], str]


@dataclass(frozen=True)
class Table:
    """Results of some folders under a caption.

    Attributes:
        caption: Above it.
        folders: Of `benchmarks/results`, each with what its rows are called; "" for nothing.
        columns: After the cohort and who was tested.
    """

    caption: Words
    folders: Mapping[str, Words]
    columns: tuple[Column, ...]


def main() -> None:
    """Bring every README up to date, or say which is not."""
    files = {ROOT / name: language for name, language in LANGUAGES.items()}
    texts = {file: with_tables(file.read_text("utf-8"), one) for file, one in files.items()}
    keep_up_to_date(SCRIPT, texts)


def with_tables(text: str, language: str, folder: Path = RESULTS) -> str:
    """A README with its tables between the marks; those without results are left out."""
    made = (captioned(table, language, folder) for table in TABLES)
    return filled(text, SCRIPT, "\n\n".join(filter(None, made)))


def captioned(table: Table, language: str, folder: Path) -> str:
    """A caption and a row a cohort; nothing where no cohort was measured."""
    rows = [
        (f"{name}{suffix[language]}", tested(results, language), *cells(table, results))
        for part, suffix in table.folders.items()
        for name, results in measured(folder / part)
    ]
    if not rows:
        return ""
    heads = (*FIRST_HEADS[language], *(getattr(column, language) for column in table.columns))
    return f"{table.caption[language]}\n\n{markdown([heads, *rows])}"


def measured(folder: Path) -> Iterator[tuple[str, Results]]:
    """Each bench of a folder by its name."""
    for file in sorted(folder.glob("*.json")):
        results = json.loads(file.read_text(encoding="utf-8"))
        if "distillation" in results:
            yield file.stem, results


def cells(table: Table, results: Results) -> Iterator[str]:
    """The numbers of one row."""
    return (column.cell(results) for column in table.columns)


def tested(results: Results, language: str) -> str:
    """How many unseen athletes, and on how many of the folds."""
    people = len(results["protocol"]["held_out"])
    if language == "en":
        return f"{people} ({folds_of(results)} folds)"
    return f"{people}（{folds_of(results, '/')} 折）"


def folds_of(results: Results, of: str = " of ") -> str:
    """On how many of the folds there are."""
    return f"{results['protocol']['folds_run']}{of}{results['protocol']['folds']}"


def score(name: str) -> Callable[[Results], str]:
    """Macro-F1 of a model."""

    def cell(results: Results) -> str:
        model = results["models"].get(name)
        return f"{model['macro_f1']:.3f}" if model else ABSENT

    return cell


def ships(results: Results) -> str:
    """Macro-F1 of what the folds would have shipped."""
    return f"**{results['models']['as_shipped']['macro_f1']:.3f}**"


def worst(results: Results) -> str:
    """Of what ships, on whom it is worst."""
    return f"{results['models']['as_shipped']['worst'][1]:.3f}"


def beside_peer(results: Results) -> str:
    """What ships, beside the better classic peer, paired by fold and athlete."""
    peer = best_peer(results)
    gap = peer and against(results, peer)
    return points(gap.mean, gap.interval) if gap else ABSENT


def gain(results: Results) -> str:
    """The distilled student beside the one without a teacher."""
    distillation = results["distillation"]
    return points(distillation["gain"], distillation["interval"])


def points(value: float, ends: tuple[float, float] | list[float] | None) -> str:
    """A difference in points, with its interval where there is one.

    >>> points(0.0213, (-0.01, 0.05))
    '+2.1 (−1.0 … +5.0)'
    """
    told = [f"{100 * one:+.1f}".replace("-", "−") for one in (value, *(ends or ()))]
    return f"{told[0]} ({told[1]} … {told[2]})" if ends else told[0]


def own_windows(results: Results) -> str:
    """Before and after the athlete's own windows, guarded."""
    own = results["personalization"]
    if own is None:
        return ABSENT
    return f"{own['guarded'][0]:.3f} → {own['guarded'][own['shots'].index(COACH_SHOTS)]:.3f}"


def placebo(results: Results) -> str:
    """The same with somebody else's windows."""
    own = results["personalization"]
    return f"{own['placebo'][own['shots'].index(COACH_SHOTS)]:.3f}" if own else ABSENT


FIRST_HEADS = {"en": ("cohort", "unseen athletes"), "zh": ("数据集", "未见过的运动员")}
STUDENTS = (
    Column("distilled", "蒸馏学生", score("student")),
    Column("no teacher", "无教师", score("student_alone")),
    Column("smoothed labels", "仅平滑标签", score("student_label_smoothing")),
    Column("teacher's hard labels", "教师硬标签", score("student_hard_labels")),
)
SHIPS = Column("ships", "交付", ships)
TEACHER = Column("teacher", "教师", score("teacher"))
GAIN = Column("distilled − no teacher, points", "蒸馏 − 无教师（百分点）", gain)
BESIDE_PEER = Column(
    "ships − better classic, points", "交付 − 较好的传统方法（百分点）", beside_peer
)
CLASSIC = (
    Column("MiniRocket + ridge", "MiniRocket + 岭回归", score("minirocket_ridge")),
    Column("extra trees", "极端随机树", score("extra_trees")),
)
TABLES = (
    Table(
        {"en": "All training athletes are labelled:", "zh": "所有训练运动员都有标签："},
        {"": {"en": "", "zh": ""}},
        (
            SHIPS,
            BESIDE_PEER,
            TEACHER,
            *STUDENTS,
            *CLASSIC,
            Column("worst athlete", "最差运动员", worst),
            Column("with 3 own windows a movement", "每个动作 3 个本人时间窗", own_windows),
            Column("placebo, unguarded", "安慰剂（无防护）", placebo),
        ),
    ),
    Table(
        {
            "en": "Three training athletes are labelled, the others only recorded:",
            "zh": "只有三名训练运动员有标签，其余只有录制数据：",
        },
        {"labelled3": {"en": "", "zh": ""}},
        (GAIN, SHIPS, TEACHER, *STUDENTS, *CLASSIC),
    ),
    Table(
        {
            "en": "The teacher sees five body units, the student one; and students of at most "
            "10,000 parameters:",
            "zh": "教师使用身上五个传感器单元、学生只用一个；以及参数不超过 1 万的学生：",
        },
        {
            "sensors": {"en": ", one unit", "zh": "，一个单元"},
            "sensors/labelled3": {
                "en": ", one unit, three labelled",
                "zh": "，一个单元，三人有标签",
            },
            "small": {"en": ", small", "zh": "，小型"},
        },
        (GAIN, SHIPS, TEACHER, *STUDENTS, *CLASSIC),
    ),
)


if __name__ == "__main__":
    main()
