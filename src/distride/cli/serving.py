"""`distride serve`: the server for coaches and athletes."""

from pathlib import Path
from typing import Annotated

import typer


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
    import socket

    from distride.errors import MissingExtraError

    try:
        import uvicorn

        from distride.serve import Server, Settings, configuration
        from distride.serve.observe import log_to_stderr
    except ModuleNotFoundError as error:
        raise MissingExtraError("The server", "serve") from error

    server = Server(Settings(data, database, recordings, url))
    log_to_stderr()
    with socket.create_server((host, port), backlog=1024) as listening:
        base = server.settings.origin or f"http://{_written(host)}:{listening.getsockname()[1]}"
        if link := server.first_login(invite, base):
            typer.echo(f"Log in, once, within a week: {link}")
        typer.echo(f"Serving '{data}' at {base}/")
        uvicorn.Server(configuration(server)).run(sockets=[listening])
    server.close()


def _written(host: str) -> str:
    """As an address has it."""
    return f"[{host}]" if ":" in host else "localhost" if host == "127.0.0.1" else host
