"""The addresses under `/api/v1/`."""

from typing import Any

from fastapi import FastAPI

from distride.serve.api import (
    athletes,
    audit,
    bundles,
    entrance,
    jobs,
    live,
    phone,
    recordings,
    sessions,
    squad,
)
from distride.serve.problems import Problem

STATUSES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 507)


MODULES = (
    entrance,
    athletes,
    squad,
    bundles,
    sessions,
    recordings,
    jobs,
    phone,
    live,
    audit,
)


def add_api(app: FastAPI) -> None:
    """All of them."""
    refusals: dict[int | str, dict[str, Any]] = {one: {"model": Problem} for one in STATUSES}
    for module in MODULES:
        app.include_router(module.router, responses=refusals)
