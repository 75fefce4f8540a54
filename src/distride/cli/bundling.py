"""`distride bundle`: what is in a bundle, and whether it is whole."""

from pathlib import Path
from typing import Annotated

import typer

command = typer.Typer(help="Look into a bundle.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="BUNDLE", help="A .distride file.")]


@command.command()
def show(
    bundle: File,
    as_json: Annotated[bool, typer.Option("--json", help="The manifest, for programs.")] = False,
) -> None:
    """Print the model card, or the manifest."""
    from distride.bundle import Bundle

    found = Bundle.open(bundle)
    typer.echo(found.manifest.to_json().decode() if as_json else found.card, nl=False)


@command.command()
def verify(bundle: File) -> None:
    """Read every entry, compare the hashes, and let both bodies see a window."""
    import numpy as np

    from distride.bundle import Bundle
    from distride.runtime import Predictor

    found = Bundle.open(bundle)
    spec = found.manifest.spec
    window = np.zeros((1, len(spec.channels), spec.window_samples), np.float32)
    for precision in ("fp32", "int8"):
        Predictor(found, precision=precision).predict(window)
    typer.echo(f"{bundle}: whole. Body {found.body_sha256}, format {found.manifest.format}.")
