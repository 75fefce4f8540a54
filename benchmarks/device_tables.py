"""Write the tables of docs/devices.md from the committed results; `--check` only compares.

python benchmarks/device_tables.py [--check]
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "device_tables.py", DOCS / "devices.md"
SIZES = ("small", "medium", "large")
KINDS = {
    "onnx fp32": "ONNX Runtime, float32",
    "onnx int8": "ONNX Runtime, int8",
    "executorch": "ExecuTorch (XNNPACK), called from Python",
    "litert": "LiteRT (XNNPACK), called from Python",
    "torch eager": "torch, eager",
    "c": "the header in C, gcc -O3 -march=native",
}
PEERS = {"minirocket_ridge": "MiniRocket + ridge", "extra_trees": "extra trees"}
STREAMS = {
    "alone": "each stream alone",
    "together, fp32": "`Crowd`, float32",
    "together, int8": "`Crowd`, int8",
    "own heads, int8": "`Crowd`, int8, each with an own head",
}

Found = Mapping[str, Any]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, told(committed("devices")))


def told(found: Found) -> str:
    """What was measured, and all tables."""
    channels, samples = found["shape"]
    about = (
        f"{channels} channels × {samples} samples, {found['classes']} movements, one thread. This "
        f"core's bound is {found['decisions']['peak_gflops']:.0f} GFLOP/s. From the first import "
        f"to the first decision in a fresh process, without torch: {found['start']['seconds']} s. "
        f"That process takes {found['memory']['process_kb'] / 1e3:.0f} MB of memory, and "
        f"{found['memory']['athlete_kb']:.0f} kB more for each further athlete of a `Crowd`."
    )
    tables = (markdown(rows(found)) for rows in (decisions, costs, streams))
    return "\n\n".join([about, *tables])


def decisions(found: Found) -> Iterator[list[str]]:
    """Rows: what answers, and how long it takes beside a medium student in ONNX Runtime."""
    given = found["decisions"]["found"]
    unit = given["medium onnx fp32"]["us"]
    yield ["a decision", *(f"{size}, µs (times)" for size in SIZES), "medium, one of 64, µs"]
    for kind, title in KINDS.items():
        if f"medium {kind}" in given:
            each = [given[f"{size} {kind}"]["us"] for size in SIZES]
            many = given[f"medium {kind}"].get("us_of_many")
            told = "–" if many is None else f"{many:,.0f}"
            yield [title, *(f"{us:,.0f} ({us / unit:.1f})" for us in each), told]
    for name, title in PEERS.items():
        us, many = given[name]["us"], given[name]["us_of_many"]
        yield [title, "", f"{us:,.0f} ({us / unit:.1f})", "", f"{many:,.0f}"]


def costs(found: Found) -> Iterator[list[str]]:
    """Rows: what a student of each size is, and how near to the bound it comes."""
    decisions = found["decisions"]
    yield ["student", "parameters", "MFLOP a window", "of the bound, float32, one window",
           "int8, kB", "C: flash, kB", "C: memory, kB"]  # fmt: skip
    for size in SIZES:
        us, header = decisions["found"][f"{size} onnx fp32"]["us"], decisions["found"][f"{size} c"]
        share = decisions["mflops"][size] / us / 1e-3 / decisions["peak_gflops"]
        sizes = (decisions["bytes_int8"][size], header["flash_bytes"], header["ram_bytes"])
        kilobytes = [f"{count / 1e3:.0f}" for count in sizes]
        flops = f"{decisions['mflops'][size]:.1f}"
        yield [size, f"{decisions['parameters'][size]:,}", flops, f"{share:.0%}", *kilobytes]


def streams(found: Found) -> Iterator[list[str]]:
    """Rows: how many live athletes a core answers."""
    yield ["live athletes a core", *SIZES, "µs a push of half a second, medium"]
    for name, title in STREAMS.items():
        each = [f"{found['streams'][size]['a_core'][name]:,}" for size in SIZES]
        yield [title, *each, f"{found['streams']['medium']['us_a_push'][name]:,.0f}"]


if __name__ == "__main__":
    main()
