"""Options that several verbs share."""

from typing import Annotated

import typer

Device = Annotated[
    str | None,
    typer.Option(help="Where nets train: auto, cpu, cuda or mps; as the recipe says if not given."),
]

Workers = Annotated[int, typer.Option(help="Processes on this machine; more than 1 need Ray.")]

RayAddress = Annotated[
    str | None,
    typer.Option(help="A running Ray cluster, such as 10.0.0.1:6379 or auto: all its cores work."),
]

TeacherWorkers = Annotated[
    int,
    typer.Option(
        help="Who train each net of a teacher together, fold after fold; more than 1 need Ray."
    ),
]
