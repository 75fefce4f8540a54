"""Write the results table of the READMEs from the committed results; `--check` only compares.

python benchmarks/tables.py [--check]
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distride.report.comparisons import MODELS

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BEGIN, END = "<!-- results: benchmarks/tables.py -->", "<!-- /results -->"
JUDGED_AT = 3  # own windows a movement
HEADS = {
    "README.md": (
        "cohort",
        "unseen athletes",
        "ships",
        "teacher",
        "distilled",
        "no teacher",
        "smoothed labels",
        "MiniRocket + ridge",
        "extra trees",
        "worst athlete",
        "with 3 own windows a movement",
        "placebo",
    ),
    "README.zh-CN.md": (
        "数据集",
        "未见过的运动员",
        "交付",
        "教师",
        "蒸馏学生",
        "无教师",
        "仅平滑标签",
        "MiniRocket + 岭回归",
        "极端随机树",
        "最差运动员",
        "每个动作 3 个本人时间窗",
        "安慰剂",
    ),
}


def main() -> None:
    """Bring every README up to date, or say which is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    check = parser.parse_args().check
    stale = []
    for name in HEADS:
        file = ROOT / name
        text = file.read_text(encoding="utf-8")
        fresh = with_table(text, name)
        if fresh != text:
            stale.append(name)
            if not check:
                file.write_text(fresh, encoding="utf-8")
    if check and stale:
        sys.exit(f"{', '.join(stale)}: run 'python benchmarks/tables.py'.")


def with_table(text: str, name: str) -> str:
    """A README with its table between the marks."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{table(name)}\n{END}{after}"


def table(name: str) -> str:
    """Markdown, a row a cohort."""
    heads = HEADS[name]
    rows = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(RESULTS.glob("*.json"))]
    cells = [row(one) for one in rows if "personalization" in one]
    lines = [heads, tuple("---" for _ in heads), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def row(results: Mapping[str, Any]) -> tuple[str, ...]:
    """One cohort's numbers."""
    models, protocol = results["models"], results["protocol"]
    shipped = results["distillation"]["as_shipped"]
    folds = f"{len(protocol['held_out'])} ({protocol['folds_run']} of {protocol['folds']} folds)"
    own = results["personalization"]
    return (
        results["cohort"],
        folds,
        f"**{shipped['macro_f1']:.3f}**",
        *(f"{models[name]['macro_f1']:.3f}" for name in MODELS),
        f"{shipped['worst'][1]:.3f}",
        *own_data(own),
    )


def own_data(own: Mapping[str, Any] | None) -> tuple[str, str]:
    """Before and after the athlete's own windows, guarded, and with somebody else's."""
    if own is None:
        return "–", "–"
    at = own["shots"].index(JUDGED_AT)
    before, after, placebo = own["guarded"][0], own["guarded"][at], own["placebo"][at]
    return f"{before:.3f} → {after:.3f}", f"{placebo:.3f}"


if __name__ == "__main__":
    main()
