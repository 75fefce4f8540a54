"""Options that several verbs share."""

from typing import Annotated

import typer

Device = Annotated[
    str | None,
    typer.Option(help="Where nets train: auto, cpu, cuda or mps; as the recipe says if not given."),
]
