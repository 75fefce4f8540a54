from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from distride.data import Recording
from distride.serve import Server, Settings, create_app

from ..conftest import MOVEMENTS, TINY_CHANNELS, moving

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"
ORIGIN = {"Origin": "http://testserver"}


@dataclass
class Somebody:
    """A page that somebody is logged in to."""

    id: str
    page: TestClient

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.page.get(f"/api/v1/{path}")
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer

    def send(self, method: str, path: str, status: int, **more: Any) -> Any:
        answer = self.page.request(method, f"/api/v1/{path}", **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


class World:
    """A server with people, in this process."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.app = create_app(server)

    def page(self) -> TestClient:
        """A browser's page of the server itself."""
        return TestClient(self.app, headers=ORIGIN, raise_server_exceptions=False)

    def enter(self, link: str) -> Somebody:
        """Follow a link, choose a password."""
        page = self.page()
        sent = {"link": link.partition("#")[2], "password": PASSWORD}
        assert page.post("/api/v1/first-login", json=sent).status_code == 204
        return Somebody(page.get("/api/v1/me").json()["id"], page)

    def coach(self, name: str) -> Somebody:
        return self.enter(self.server.first_login(name, "http://testserver"))

    def athlete(self, coach: Somebody, name: str) -> Somebody:
        return self.enter(coach.send("POST", "athletes", 201, json={"name": name})["link"])


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes servers; each has a folder of its own, or that of one before."""
    servers = []

    def made(folder: Path = tmp_path / "server", **settings: Any) -> World:
        servers.append(Server(Settings(folder, **settings), QUICK))
        return World(servers[-1])

    yield made
    for server in servers:
        server.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def kim(world: World) -> Somebody:
    """A coach."""
    return world.coach("Kim")


@pytest.fixture
def anna(world: World, kim: Somebody) -> Somebody:
    """Kim's athlete."""
    return world.athlete(kim, "Anna")


@pytest.fixture
def lee(world: World) -> Somebody:
    """Another coach."""
    return world.coach("Lee")


def moving_recording(athlete: str, seed: int = 3) -> Recording:
    """A minute of the tiny bundle's movements, labelled."""
    rng = np.random.default_rng(seed)
    names = [name for name in MOVEMENTS for _ in range(400)]
    samples = np.concatenate([moving(rng, name, 400) for name in MOVEMENTS])
    channels = {name: samples[:, at] for at, name in enumerate(TINY_CHANNELS)}
    t = np.arange(len(names)) / 20.0
    return Recording(athlete, "1", t, channels, {"label": np.array(names, object)})
