"""Options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

RecipeFile = Annotated[Path | None, typer.Option(help="A TOML file; defaults if not given.")]

Folds = Annotated[int | None, typer.Option(help="Only so many folds: for speed, not for claims.")]

Labelled = Annotated[
    int | None, typer.Option(help="Only so many training athletes keep their labels.", min=1)
]

Weight = Annotated[
    float,
    typer.Option(help="One window of an athlete is worth so many times a movement's of training."),
]

History = Annotated[
    Path | None,
    typer.Option(help="The folder that `distride session keep` writes to: what is usual."),
]

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

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
