import json
import os
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest
import typer
from typer.testing import CliRunner

from distride.cli import serving

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


def run(*arguments):
    app = typer.Typer()
    app.command()(serving.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_folder_that_is_served_gets_links_and_no_second_server(tmp_path):
    from distride.serve import ServerError, held

    with held(tmp_path) as is_free:
        assert is_free
        again = run("--data", tmp_path, "--port", 8123)
        with pytest.raises(ServerError, match="is being served already: end that server first"):
            raise again.exception
        invited = run("--data", tmp_path, "--port", 8123, "--invite", "bob")
    assert invited.exit_code == 0
    assert invited.output.startswith("Log in, once, within a week: http://localhost:8123/login/#")
    assert len(invited.output.splitlines()) == 1
    with held(tmp_path) as is_free:
        assert is_free


def test_where_folders_cannot_be_locked_a_server_starts(tmp_path, monkeypatch):
    from distride.serve import held

    monkeypatch.setitem(sys.modules, "fcntl", None)
    with held(tmp_path) as first, held(tmp_path) as second:
        assert first
        assert second


def test_a_port_that_is_taken_is_one_sentence(tmp_path):
    from distride.serve import ServerError

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = run("--data", tmp_path, "--port", port)
    with pytest.raises(ServerError, match=f"Port {port} is taken: give another one with --port"):
        raise refused.exception
    with pytest.raises(OSError, match="Cannot assign"):
        raise run("--data", tmp_path, "--host", "192.0.2.1").exception
