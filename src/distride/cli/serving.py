"""`distride serve`: the server for coaches and athletes."""

import errno
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from distride.serve import Server


def command(
    data: Annotated[Path, typer.Option(help="The folder of all that it keeps.")] = Path(
        "distride-server"
    ),
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0: any.", min=0, max=65535)] = 8000,
    url: Annotated[
        str, typer.Option(help="What people open, such as https://gym.example; for links.")
    ] = "",
    database: Annotated[
        str,
        typer.Option(
            envvar="DISTRIDE_DATABASE",
            help="postgresql://USER@HOST/NAME; SQLite in the folder if not given.",
        ),
    ] = "",
    recordings: Annotated[
        str,
        typer.Option(help="A store, such as s3://bucket/recordings; the folder if not given."),
    ] = "",
    invite: Annotated[
        str, typer.Option(metavar="COACH", help="Print a login link for this coach, new or known.")
    ] = "",
) -> None:
    """Serve the pages and keep what they send; Ctrl-C ends it."""
    from distride.errors import MissingExtraError

    try:
        import uvicorn

        from distride.serve import Server, ServerError, Settings, configuration, held
        from distride.serve.observe import log_to_stderr
    except ModuleNotFoundError as error:
        raise MissingExtraError("The server", "serve") from error

    settings = Settings(data, database, recordings, url)
    with closing(Server(settings)) as server, held(data) as is_free:
        if is_free:
            log_to_stderr()
            with _listening(host, port) as listening:
                base = settings.origin or f"http://{_written(host)}:{listening.getsockname()[1]}"
                _invite(server, invite, base)
                typer.echo(f"Serving '{data}' at {base}/")
                uvicorn.Server(configuration(server)).run(sockets=[listening])
        elif invite:
            _invite(server, invite, settings.origin or f"http://{_written(host)}:{port}")
        else:
            raise ServerError(
                f"'{data}' is being served already: end that server first, or give another "
                "--data; with --invite COACH you get a link to it."
            )


def _listening(host: str, port: int) -> socket.socket:
    from distride.serve import ServerError

    try:
        return socket.create_server((host, port), backlog=1024)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise ServerError(f"Port {port} is taken: give another one with --port.") from error


def _invite(server: "Server", name: str, base: str) -> None:
    if link := server.first_login(name, base):
        typer.echo(f"Log in, once, within a week: {link}")


def _written(host: str) -> str:
    """As an address has it."""
    return f"[{host}]" if ":" in host else "localhost" if host == "127.0.0.1" else host
