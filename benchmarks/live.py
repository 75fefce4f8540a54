"""Many live athletes against one `distride serve` on this machine: how late is what they do?

python benchmarks/live.py [--athletes 200] [--seconds 60] [--out benchmarks/results/live.json]

Every athlete sends 50 samples a second of 7 channels and their events, twice a second, with raw
samples; ten coaches watch all of them. Timed, as whoever sends and watches sees it: from a batch's
sending to its acknowledgement, which comes when it is on disk, and to the coach's seeing it. In the
end every session is read back and counted. The phones are simulated in another process of the same
machine, which takes its share of the cores.
"""

import argparse
import asyncio
import base64
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import msgpack
import numpy as np
import typer
from websockets.asyncio.client import connect

from distride.errors import DataError
from distride.files import write_whole
from distride.runtime import Heart, State, to_json
from distride.serve import Server, Settings

RATE_HZ, BATCH_S = 50, 0.5
ROWS = round(RATE_HZ * BATCH_S)
CHANNELS = [f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz"]
COACHES = 10
STARTS_S = 30.0
PATIENCE_S = 120.0  # beyond the time that all take
PERCENTILES = (50, 99, 100)

Usage = dict[str, float]


@dataclass
class Seen:
    """What one phone, and its coach, saw; times in seconds on one clock.

    Attributes:
        name: Of the athlete.
        token: Of the athlete.
        coach: The token of theirs.
        kept: The session that it became.
        sent: When each batch was sent.
        acknowledged: When each was known to be on disk.
        told: When the coach saw each.
        ended_s: How long keeping it took.
    """

    name: str
    token: str
    coach: str
    kept: str = ""
    sent: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    ended_s: float = 0.0


def people(settings: Settings, athletes: int) -> list[Seen]:
    """Accounts and tokens, as if invited and logged in."""
    server, later = Server(settings), datetime.now(UTC) + timedelta(hours=1)
    with server.database.writing() as session:
        accounts = server.accounts(session)
        coaches = [accounts.add(f"coach {number}") for number in range(min(COACHES, athletes))]
        theirs = [accounts.issue(one, "token", later)[0] for one in coaches]
        seen = []
        for number in range(athletes):
            of = number % len(coaches)
            own = accounts.add(f"athlete {number}", coaches[of])
            seen.append(Seen(own.name, accounts.issue(own, "token", later)[0], theirs[of]))
    server.close()
    return seen


def batch(seq: int) -> bytes:
    """A frame whose samples tell where they belong."""
    t = (seq - 1) * BATCH_S + np.arange(ROWS) / RATE_HZ
    events = State(seq * BATCH_S, "label", "squat", 0.9), Heart(seq * BATCH_S, 120.0)
    frame: bytes = msgpack.packb(
        {
            "type": "batch",
            "seq": seq,
            "duration_s": seq * BATCH_S,
            "events": [json.loads(to_json(event)) for event in events],
            "samples": {
                "t": t.tobytes(),
                "rows": np.repeat(t[:, None], len(CHANNELS), 1).astype("<f4").tobytes(),
                "heart_rate": np.full(ROWS, 120, "<f4").tobytes(),
            },
        }
    )
    return frame


async def send(address: str, one: Seen, frames: Sequence[bytes], starts_s: float) -> None:
    """A phone, from its first batch to the session's being kept."""
    headers = {"Authorization": f"Bearer {one.token}"}
    async with connect(f"ws://{address}/api/v1/phone/live", additional_headers=headers) as line:
        begin = {"type": "begin", "version": 1, "id": "session", "athlete": "", "bundle": ""}
        began = datetime.now(UTC).isoformat()
        told = {"started_at": began, "channels": CHANNELS, "raw": True}
        await line.send(msgpack.packb(begin | told))
        await line.recv()
        hearing = asyncio.create_task(hear(line, one, len(frames)))
        for number, frame in enumerate(frames):
            await asyncio.sleep(starts_s + number * BATCH_S - time.perf_counter())
            one.sent.append(time.perf_counter())
            await line.send(frame)
        await hearing
        ends_s = time.perf_counter()
        await line.send(msgpack.packb({"type": "end", "seq": len(frames)}))
        while not one.kept:
            one.kept = msgpack.unpackb(await line.recv()).get("session", "")
        one.ended_s = time.perf_counter() - ends_s


async def hear(line: Any, one: Seen, last: int) -> None:
    """Acknowledgements, until all came; one may be of several batches."""
    while len(one.acknowledged) < last:
        frame = msgpack.unpackb(await line.recv())
        if frame["type"] != "ack":
            raise RuntimeError(f"A phone was told {frame}.")
        new = frame["seq"] - len(one.acknowledged)
        one.acknowledged.extend([time.perf_counter()] * new)


async def watch(address: str, coach: str, own: dict[str, Seen], batches: int) -> None:
    """A coach, until every batch of every athlete was seen; athletes by name."""
    headers = {"Authorization": f"Bearer {coach}"}
    sessions: dict[str, Seen] = {}
    async with connect(
        f"ws://{address}/api/v1/live", additional_headers=headers, max_queue=None
    ) as line:
        ask = {"type": "watch", "version": 1, "athletes": None, "samples": False}
        await line.send(msgpack.packb(ask))
        while sum(len(one.told) for one in own.values()) < batches * len(own):
            frame = msgpack.unpackb(await line.recv())
            if frame["type"] == "live":
                sessions[frame["session"]] = own[frame["name"]]
            elif frame["type"] == "batch":
                sessions[frame["session"]].told.append(time.perf_counter())
            elif frame["type"] != "ended":
                raise RuntimeError(f"A coach was told {frame}.")


async def train(
    address: str, process: int, seen: Sequence[Seen], seconds: float
) -> tuple[Usage, Usage]:
    """All at once, one after the other within a batch; the server's usage before and after."""
    frames = [batch(seq) for seq in range(1, round(seconds / BATCH_S) + 1)]
    starts_s = time.perf_counter() + 0.5 + 0.02 * len(seen)
    phones = [
        send(address, one, frames, starts_s + BATCH_S * number / len(seen))
        for number, one in enumerate(seen)
    ]
    coaches = [
        watch(address, coach, {one.name: one for one in seen if one.coach == coach}, len(frames))
        for coach in dict.fromkeys(one.coach for one in seen)
    ]
    async with asyncio.timeout(seconds + PATIENCE_S), asyncio.TaskGroup() as group:
        for phone in phones:
            group.create_task(phone)
        watching = [group.create_task(coach) for coach in coaches]
        await asyncio.sleep(starts_s - time.perf_counter())
        before = usage(process)
        await asyncio.gather(*watching)
        after = usage(process)
    return before, after


def lost(address: str, seen: Sequence[Seen]) -> tuple[int, int]:
    """Events and samples that were sent and cannot be read back."""
    events = samples = 0
    for one in seen:
        headers = {"Authorization": f"Bearer {one.coach}"}
        kept = httpx.get(f"http://{address}/api/v1/sessions/{one.kept}", headers=headers).json()
        t = np.frombuffer(base64.b64decode(kept["raw"]["t"]), "<f8")
        expected = np.arange(len(one.sent) * ROWS) / RATE_HZ
        samples += len(expected) - np.isclose(t, expected).sum() if len(t) == len(expected) else 1
        events += 2 * len(one.sent) - len(kept["events"])
    return events, int(samples)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, int]]:
    """`distride serve` in a process of its own: its address and number."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "distride", "serve", "--data", str(folder)]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port)
            yield f"127.0.0.1:{port}", process.pid
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Until somebody listens."""
    ends_s = time.monotonic() + STARTS_S
    while time.monotonic() < ends_s:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def usage(process: int) -> Usage:
    """Of a process so far; empty where the system has no /proc."""
    place = Path(f"/proc/{process}")
    if not place.exists():
        return {}
    told = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
    fields = (place / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return {
        "cpu_s": ticks / os.sysconf("SC_CLK_TCK"),
        "peak_mb": round(int(told["VmHWM"].split()[0]) * 1024 / 1e6, 1),
    }


def milliseconds(waits_s: Sequence[float]) -> dict[str, float]:
    """The half, the hundredth that waited longest, and the longest."""
    p50, p99, most = np.percentile(waits_s, PERCENTILES) * 1000
    return {"p50": round(p50, 1), "p99": round(p99, 1), "max": round(most, 1)}


def measured(athletes: int, seconds: float) -> dict[str, Any]:
    """A server, its athletes and coaches, and what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        seen = people(Settings(Path(folder)), athletes)
        with serving(Path(folder)) as (address, process):
            before, after = asyncio.run(train(address, process, seen, seconds))
            events, samples = lost(address, seen)
    since = [(one, at) for one in seen for at in enumerate(one.sent)]
    server = {"peak_mb": after["peak_mb"], "mb_before": before["peak_mb"]} if after else {}
    if after:
        server["cores"] = round((after["cpu_s"] - before["cpu_s"]) / seconds, 2)
    return {
        "athletes": athletes,
        "coaches": len({one.coach for one in seen}),
        "seconds": seconds,
        "source_hz": RATE_HZ,
        "channels": len(CHANNELS) + 1,
        "batch_s": BATCH_S,
        "batches": len(since),
        "acknowledged_ms": milliseconds([one.acknowledged[at] - t for one, (at, t) in since]),
        "told_to_coach_ms": milliseconds([one.told[at] - t for one, (at, t) in since]),
        "kept_s": round(max(one.ended_s for one in seen), 2),
        "lost": {"events": events, "samples": samples},
        "server": server,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--athletes", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "live.json")
    given = parser.parse_args()
    found = measured(given.athletes, given.seconds)
    typer.echo(json.dumps(found, indent=1))
    write_whole(given.out, f"{json.dumps(found, indent=1)}\n".encode(), DataError)


if __name__ == "__main__":
    main()
