"""`distride bundle`: what is in a bundle, whether it is whole, and the same for other runtimes."""

from pathlib import Path
from typing import Annotated

import typer

from distride.errors import BundleError, MissingExtraError

command = typer.Typer(help="Look into a bundle.", no_args_is_help=True)

OwnHead = Annotated[
    Path | None, typer.Option(metavar="FILE", help="An athlete's own head, built in.")
]
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


@command.command()
def c(
    bundle: File,
    out: Annotated[Path, typer.Option(help="The header; replaced.")] = Path("student.h"),
    head: OwnHead = None,
) -> None:
    """Write the student as one header in plain C, for wearables that run no ONNX."""
    from distride.bundle import Bundle
    from distride.files import write_whole

    try:
        from distride.bundle.c_header import c_header
    except ImportError as error:
        raise MissingExtraError("Writing C", "train") from error
    found = Bundle.open(bundle)
    header = c_header(found, found.personal_head(head).heads if head else None)
    write_whole(out, header.text.encode(), BundleError)
    typer.echo(
        f"{out}: {header.flash_bytes / 1000:.1f} kB of weights (flash), "
        f"{header.ram_bytes / 1000:.1f} kB of working memory (RAM)."
    )


@command.command()
def pte(
    bundle: File,
    out: Annotated[Path, typer.Option(help="The program; replaced.")] = Path("student.pte"),
    head: OwnHead = None,
) -> None:
    """Write the student for ExecuTorch, once it answers as the bundle does."""
    from distride.bundle import Bundle
    from distride.files import write_whole

    try:
        from distride.bundle.pte import pte_of
    except ImportError as error:
        raise MissingExtraError("Writing .pte", "train") from error
    found = Bundle.open(bundle)
    program = pte_of(found, found.personal_head(head).heads if head else None)
    write_whole(out, program, BundleError)
    typer.echo(f"{out}: {len(program) / 1000:.1f} kB.")
