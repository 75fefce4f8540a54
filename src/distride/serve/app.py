"""The application: the interface, the pages, and what tells how it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from distride.serve.access import identified
from distride.serve.api import add_api
from distride.serve.guard import Guard
from distride.serve.jobs import Jobs
from distride.serve.live import Room
from distride.serve.observe import Observer
from distride.serve.problems import ABSENT, Problem, Refused, add_problems
from distride.serve.state import Server
from distride.version import __version__

ENTRANCE = "/login/"
HOMES = {"coach": "/coach/", "athlete": "/phone/"}


def create_app(server: Server) -> FastAPI:
    """The server's application.

    Args:
        server: What it keeps; whoever made it closes it.
    """
    jobs = Jobs(server)

    @asynccontextmanager
    async def working(app: FastAPI) -> AsyncIterator[None]:
        app.state.room = Room(server)
        jobs.start()
        async with app.state.room.open():
            yield
        await run_in_threadpool(jobs.stop)

    app = FastAPI(
        title="Distride", version=__version__, docs_url=None, redoc_url=None, lifespan=working
    )
    app.state.server, app.state.jobs = server, jobs
    add_problems(app)
    add_api(app)
    _add_health(app, server)
    _add_pages(app, server)
    app.add_middleware(Guard, settings=server.settings)
    app.add_middleware(Observer, metrics=server.metrics)
    return app


def _add_health(app: FastAPI, server: Server) -> None:
    @app.get("/healthz", tags=["health"])
    def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"], responses={503: {"model": Problem}})
    def ready() -> dict[str, str]:
        """The database answers."""
        with server.database.reading() as session:
            session.execute(text("SELECT 1"))
        return {"status": "ok"}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(server.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _add_pages(app: FastAPI, server: Server) -> None:
    pages = server.settings.pages

    @app.get("/", include_in_schema=False)
    def front(request: Request) -> RedirectResponse:
        """Whoever is logged in to their own page, others to the entrance."""
        try:
            home = HOMES[identified(request, server).account.role]
        except Refused:
            home = ENTRANCE
        return RedirectResponse(home if (pages / home.strip("/")).is_dir() else ENTRANCE)

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        """Asked for by browsers where an answer, such as a report, names none."""
        file = pages / "login" / "icon.svg"
        if not file.exists():
            raise Refused(404, ABSENT)
        return FileResponse(file)

    for page in sorted(pages.glob("*/index.html")):
        app.mount(f"/{page.parent.name}", StaticFiles(directory=page.parent, html=True))
