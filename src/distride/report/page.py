"""From `results.json` to one HTML page that needs nothing beside it."""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from distride.errors import DataError, MissingExtraError
from distride.files import reason, write_whole
from distride.report import formatting, plots
from distride.report.context import context
from distride.report.languages import LANGUAGES, Count, Say, say, speak, texts

SCHEMA = 1


def render(results: Mapping[str, Any]) -> str:
    """The page as text: both languages, all styles and figures in it.

    Args:
        results: What a run wrote; anything in it but `schema` may be null or absent.

    Raises:
        DataError: The results are of another schema.
    """
    if results.get("schema") != SCHEMA:
        raise DataError(
            f"These results are of schema {results.get('schema')!r}: this version reads schema "
            f"{SCHEMA}; write them again with 'distride train' or 'distride bench'."
        )
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError("The report", "train") from error
    environment = Environment(
        loader=PackageLoader("distride.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= _vocabulary(Markup)
    return environment.get_template("page.html").render(context(results))


def write_report(results_path: str | Path, out: str | Path) -> Path:
    """Read `results.json`, write its page; the page appears whole or not at all.

    Raises:
        DataError: The results cannot be read, or the page cannot be written.
    """
    source, target = Path(results_path), Path(out)
    try:
        results = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"'{source}' cannot be read as results: {reason(error)}.") from error
    if not isinstance(results, Mapping):
        raise DataError(f"'{source}' holds no results: it must be one JSON object.")
    page = render(results)
    write_whole(target, page.encode(), DataError)
    return target


def _vocabulary(markup: Callable[[str], str]) -> dict[str, Any]:
    """What the templates can say; `markup` marks text that is HTML already."""

    def tell(*sentences: Say | str) -> str:
        return markup(_in_both(sentences))

    return {
        "css": markup(files("distride.report").joinpath("page.css").read_text(encoding="utf-8")),
        "languages": LANGUAGES,
        "fmt": formatting,
        "count": Count,
        "shorten": plots.shorten,
        "say": say,
        "tell": tell,
        "t": lambda key, **values: tell(say(key, **values)),
        "spoken": lambda sentence, language: markup(speak(language, sentence)),
        "model_name": lambda name: tell(_named("model", name)),
        "model_names": lambda names: tuple(_named("model", name) for name in names),
        "member_name": lambda name: tell(_named("member", name)),
        "series_names": lambda names: tuple(_named("series", name) for name in names),
    }


def _in_both(sentences: tuple[Say | str, ...]) -> str:
    """Sentences as HTML in all languages, of which the style sheet shows one."""
    spoken = {language: speak(language, *sentences) for language in LANGUAGES}
    if len(set(spoken.values())) == 1:
        return spoken["en"]
    return "".join(
        f'<span class="{language}" lang="{LANGUAGES[language]}">{text}</span>'
        for language, text in spoken.items()
    )


def _named(kind: str, name: str) -> Say | str:
    """A model's, a member's or a series' name in words; one the texts do not know is kept."""
    return say(f"{kind}_{name}") if f"{kind}_{name}" in texts() else name
