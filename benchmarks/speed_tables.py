"""Write the tables of docs/speed.md from the committed results; `--check` only compares.

python benchmarks/speed_tables.py [--check]
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "speed_tables.py", DOCS / "speed.md"
NETS = {"student": "student", "conv_lstm": "teacher: LSTM", "wide_cnn": "teacher: wide CNN"}
PEERS = {"minirocket_ridge": "MiniRocket + ridge", "extra_trees": "extra trees"}
STAGES = {
    "batch": "draw, read, vary, scale, mix",
    "forward": "forward",
    "backward": "backward",
    "optimizer": "optimizer",
}

Found = Mapping[str, Any]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, told(committed("throughput")))


def told(found: Found) -> str:
    """What was measured on what, and all tables."""
    channels, samples = found["shape"]
    run, denormals = found["whole_run"], found["denormals"]
    about = (
        f"{found['cores']} cores, {found['windows']:,} windows of {channels} channels × {samples} "
        f"samples, batches of {found['batch_size']}."
    )
    whole = (
        f"A whole run (one fold, short budgets, {run['trainings']} trainings, judging, classic "
        f"peers and report included) took {run['seconds']['total']:.0f} s: "
        f"{run['windows_per_second']:,.0f} windows a second."
    )
    tiny = (
        "Where the smallest numbers are not flushed to zero, a training takes "
        f"{denormals['trained']['ratio']:.2f} times as long, and {denormals['dying']['ratio']:.2f} "
        "times on windows that consist of nothing else."
    )
    tables = (markdown(rows(found)) for rows in (learning, answering, steps))
    return "\n\n".join([about, *tables, whole, tiny])


def learning(found: Found) -> Iterator[list[str]]:
    """Rows: windows a second in training, and seconds of a whole training."""
    fits, budget = found["fit"], found["budget"]
    yield ["learning, windows a second", "one training", "one a core", "DataLoader, 0 workers",
           "DataLoader, 2 workers", "times faster", "seconds for one on its own"]  # fmt: skip
    for name, title in NETS.items():
        rates = [fits[name], fits[f"{name}, one a core"]]
        rates += [fits[f"{name}, DataLoader, {workers} workers"] for workers in (0, 2)]
        faster = found["faster_than_data_loader"][name]
        seen = budget["student" if name == "student" else "teacher"]
        yield [
            title,
            *(f"{rate:,.0f}" for rate in rates),
            f"{faster['one_training']:.1f}, {faster['one_a_core']:.1f}",
            f"{seen / fits[name]:.0f} ({seen:,} windows)",
        ]
    for name, title in PEERS.items():
        seconds = found["windows"] / fits[name]
        once = f"{seconds:.1f} ({found['windows']:,} windows, each once)"
        yield [title, f"{fits[name]:,.0f}", "–", "–", "–", "–", once]


def answering(found: Found) -> Iterator[list[str]]:
    """Rows: windows a second when asked."""
    yield ["answering", "windows a second"]
    for name, title in (NETS | PEERS).items():
        yield [title, f"{found['predict'][name]:,.0f}"]


def steps(found: Found) -> Iterator[list[str]]:
    """Rows: where the time of a step goes."""
    yield ["where a step goes, ms on one thread", *NETS.values()]
    for stage, title in STAGES.items():
        yield [title, *(share(found["stages"][name], stage) for name in NETS)]
    for place in range(3):
        yield [f"operation {place + 1}", *(operation(found, name, place) for name in NETS)]


def share(stages: Mapping[str, float], stage: str) -> str:
    """Milliseconds and percent of a step."""
    whole = sum(stages[name] for name in STAGES)
    return f"{stages[stage]:.1f} ({100 * stages[stage] / whole:.0f} %)"


def operation(found: Found, name: str, place: int) -> str:
    """One of torch's own, and its share of all."""
    one = found["operations"][name][place]
    return f"`{one['name']}` {100 * one['share']:.0f} %"


if __name__ == "__main__":
    main()
