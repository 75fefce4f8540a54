import json
import os
import subprocess
import sys
from urllib.request import urlopen

import pytest

pytest.importorskip("fastapi", reason="the extra 'serve' is not installed")


def test_the_server_prints_a_first_login_and_its_address_and_answers_there(tmp_path):
    line = [sys.executable, "-c", "from distride.cli import main; main()"]
    line += ["serve", "--data", str(tmp_path / "kept"), "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(line, env=os.environ, **pipes) as server:
        try:
            link, told = server.stdout.readline(), server.stdout.readline()
            base = told.rpartition(" at ")[2].strip()
            assert link.startswith(f"Log in, once, within a week: {base}login/#")
            assert urlopen(f"{base}readyz", timeout=10).status == 200
            logged = json.loads(server.stderr.readline())
            assert (logged["what"], logged["route"]) == ("request", "/readyz")
        finally:
            server.terminate()
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
