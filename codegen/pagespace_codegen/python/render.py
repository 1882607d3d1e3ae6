"""View models -> the text of files. Templates print; nothing is decided here or there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from pagespace_codegen.python.views.models import FileView
from pagespace_codegen.python.write import BANNER

# Tables may be called like builtins, comments may be long and in any script; modules import each other at their end.
_LINT_RULES: Final = "A001, E402, E501, ERA001, N801, N815, RUF001, RUF002, RUF100, TID252, UP040"


def render(files: Mapping[str, tuple[str, FileView]]) -> dict[str, str]:
    """Return the text of each file, by its path in the package."""
    environment = _environment()
    return {
        path: environment.get_template(template).render(file=view, banner=BANNER, lint_rules=_lint_rules(path))
        for path, (template, view) in files.items()
    }


def _lint_rules(path: str) -> str:
    """Return the rules that are switched off in a file; a schema may be called in any script, and so its module."""
    return _LINT_RULES if path.isascii() else _LINT_RULES.replace("N815", "N815, N999")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pagespace_codegen"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # Python source, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
