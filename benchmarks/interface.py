"""Does a real server do what its description says, whatever is sent? Every operation is tried.

python benchmarks/interface.py [--examples 30] [--seconds 120]

schemathesis (`pip install schemathesis`) reads `/openapi.json`, and sends what is allowed and what
is not: as a coach and as their athlete, of whom there are a session and a recording, and then as a
coach who removes what there is. No answer may be a fault, of a status, a type or a shape that is
not described, or be given without a credential. Ends with 1 where one is.
"""

import argparse
import base64
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import numpy as np
import uvicorn
from live import CHANNELS, RATE_HZ, Seen, people

from distride.runtime import State, to_json
from distride.serve import Limits, Server, Settings, configuration

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
    "use_after_free",
)
ENDS_THE_LOGIN = r"/(logout|tokens/\{token_id\})$"
UNLIMITED = Limits(requests_a_minute=10**6, tries_a_minute=10**6, tries_a_minute_here=10**6)
SEED = 1


@contextmanager
def listening(settings: Settings) -> Iterator[str]:
    """A server that counts no requests, in a thread; its address."""
    server = Server(settings)
    config = configuration(server)
    config.port = 0
    served = uvicorn.Server(config)
    thread = threading.Thread(target=served.run)
    thread.start()
    try:
        while not served.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{served.servers[0].sockets[0].getsockname()[1]}"
    finally:
        served.should_exit = True
        thread.join()
        server.close()


def stocked(address: str, one: Seen) -> dict[str, str]:
    """A session and a recording of an athlete; by parameter what an address may name."""
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    columns = {"t": t, "samples": np.ones((len(t), 3), "<f4"), "heart_rate": t.astype("<f4")}
    packed = {name: base64.b64encode(data.tobytes()).decode() for name, data in columns.items()}
    session = {
        "id": "a",
        "athlete": one.name,
        "bundle": "b",
        "started_at": "2026-05-01T18:00:00Z",
        "duration_s": 2.0,
        "events": [json.loads(to_json(State(1.0, "label", "squat", 0.9)))],
        "raw": {"channels": CHANNELS[:3], **packed},
    }
    headers = {"Authorization": f"Bearer {one.token}", "Idempotency-Key": "a"}
    with httpx.Client(base_url=f"{address}/api/v1/", headers=headers) as api:
        api.post("phone/sessions", json=session).raise_for_status()
        athlete = api.get("me").json()["id"]
        listed = {
            kind: api.get(f"athletes/{athlete}/{kind}s").json()["items"][0]["id"]
            for kind in ("session", "recording")
        }
    return {"athlete_id": athlete, **{f"{kind}_id": one for kind, one in listed.items()}}


def tried(address: str, token: str, given: argparse.Namespace, known: dict[str, str]) -> bool:
    """Whether somebody with a token found nothing wrong; what is known is not removed."""
    program = shutil.which("st", path=str(Path(sys.executable).parent)) or "st"
    lines = [f'"path.{name}" = "{value}"' for name, value in known.items()]
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write("\n".join(["[parameters]", *lines]))
        config.flush()
        told = [program, "--config-file", config.name, "run", f"{address}/openapi.json"]
        told += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)]
        told += ["--exclude-path-regex", ENDS_THE_LOGIN, "--seed", str(SEED)]
        told += ["--max-examples", str(given.examples), "--max-time", str(given.seconds)]
        told += ["--exclude-method", "DELETE"] if known else []
        return subprocess.run([*told, *given.further], check=False).returncode == 0


def main(arguments: Sequence[str]) -> int:
    """Try as a coach, as their athlete, and as a coach who removes what there is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=30, help="of each operation")
    parser.add_argument("--seconds", type=int, default=120, help="of each of the three")
    parser.add_argument("further", nargs="*")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder), limits=UNLIMITED)
        (one,) = people(settings, 1)
        with listening(settings) as address:
            known = stocked(address, one)
            turns = [(one.coach, known), (one.token, known), (one.coach, {})]
            found = [tried(address, token, given, of) for token, of in turns]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
