"""Whether a package is what its sources give, told from hashes alone: no server is asked, and little is imported.

A run that writes the package leaves `fingerprint.json` in it, to be committed: a hash of everything that decides the
output, and one of the output. As long as both are still right, another run would write the same files again. Anything
else, a fingerprint that cannot be read included, means that nobody knows, and that the server has to be asked.

What decides the output: the files of the schema, those that it includes and those of the queries, with their names and
order; the configuration, and the modules of the application that it names; and the generator, which is its version and
the text of every module and template of it. The version of the server does not: the output is the same on all that are
supported.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pagespace_codegen.python.write import PY_TYPED, Change, apply_changes, is_ours, package_modules
from pagespace_codegen.sources import (
    UNREADABLE,
    application_texts,
    digest,
    generator_texts,
    query_texts,
    schema_texts,
    settings_text,
)
from pagespace_db.errors import Finding
from pagespace_db.location import Location
from pagespace_db.settings import Project

FILE: Final = "fingerprint.json"
COMMENT: Final = "Written by pagespace-db, to be committed: `codegen --check` needs no server while this is right."

# Files of the generator: what the pipeline imports of both packages is among them (tests/codegen/test_fingerprint.py).
_GENERATOR: Final = {
    "pagespace_codegen": (
        "__init__.py", "catalog", "describe.py", "fingerprint.py", "outcome.py", "pipeline.py", "python", "queries",
        "sources.py", "templates", "workbench.py",
    ),
    "pagespace_db": ("__init__.py", "connect.py", "embedded", "errors.py", "location.py", "settings.py", "sqltext.py"),
}  # fmt: skip
_BESIDE_THE_OUTPUT: Final = frozenset({"root", "migrations", "out", "large", "pool"})
"""Settings that the text of the package does not depend on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Where a package comes from.

    Attributes:
        version: The version of pagespace-db that wrote it.
        generator: A hash of that version's sources, which tells a developer's version from a released one.
        inputs: A hash of the schema, the queries and the configuration.
        package: A hash of the files that were written.
        warnings: What there was to say of the queries.
    """

    version: str
    generator: str
    inputs: str
    package: str
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a package is made from, as it is now; two hashes."""

    generator: str
    inputs: str


def read_sources(project: Project) -> Sources | None:
    """Return the hashes of what decides the package, or None when its sources cannot be read."""
    try:
        inputs = [
            settings_text(project, _BESIDE_THE_OUTPUT),
            *application_texts(project),
            *schema_texts(project),
            *query_texts(project),
        ]
    except UNREADABLE:
        return None  # the run itself will say what is wrong
    generator = list(generator_texts(_GENERATOR))
    if not all(part.isascii() for text in inputs for part in text):
        generator.append((unicodedata.unidata_version, b""))  # decides which of them are letters, and how wide they are
    return Sources(generator=digest(generator), inputs=digest(inputs))


def find_fresh(project: Project) -> Fingerprint | None:
    """Return the fingerprint of the project's package if the package is what its sources give; else None."""
    found = load_fingerprint(project)
    if found is None or found.package != package_digest(project.out):
        return None
    return found if read_sources(project) == Sources(generator=found.generator, inputs=found.inputs) else None


def record_fingerprint(project: Project, sources: Sources, warnings: tuple[Finding, ...]) -> None:
    """Write the fingerprint of the package as it is on disk now, made from `sources`.

    Errors: CodegenError when the folder cannot be written.
    """
    path = project.out / FILE
    made = Fingerprint(
        version=version("pagespace-db"),
        generator=sources.generator,
        inputs=sources.inputs,
        package=package_digest(project.out),
        warnings=warnings,
    )
    found = load_fingerprint(project)
    if found is None and path.exists() and COMMENT not in path.read_text(encoding="utf-8", errors="replace"):
        return  # somebody else's
    if found != made:
        old, new = path.read_text(encoding="utf-8") if path.exists() else None, render_fingerprint(made, project.root)
        apply_changes((Change(path=path, old=old, new=new),))


def package_digest(out: Path) -> str:
    """Return a hash of every file of ours in the package: names and bytes."""
    paths = [path for path in package_modules(out) if is_ours(path)]
    paths += [path for path in (out / PY_TYPED,) if path.is_file()]
    return digest((path.relative_to(out).as_posix(), path.read_bytes()) for path in paths)


# --- The file --------------------------------------------------------------------------------------------------------


def load_fingerprint(project: Project) -> Fingerprint | None:
    """Return the fingerprint in the package, or None when there is none that can be understood."""
    try:
        found = json.loads((project.out / FILE).read_text(encoding="utf-8"))
        return Fingerprint(
            version=str(found["version"]),
            generator=str(found["generator"]),
            inputs=str(found["inputs"]),
            package=str(found["package"]),
            warnings=tuple(_parse_finding(warning, project.root) for warning in found["warnings"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def render_fingerprint(fingerprint: Fingerprint, root: Path) -> str:
    """Return the text of the file; the same on every machine."""
    shown = {"comment": COMMENT} | {
        field.name: getattr(fingerprint, field.name) for field in fields(Fingerprint) if field.name != "warnings"
    }
    return (
        json.dumps(
            shown | {"warnings": [_finding_json(warning, root) for warning in fingerprint.warnings]},
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _finding_json(finding: Finding, root: Path) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "help": finding.help,
        "notes": list(finding.notes),
    }
    if finding.location is None:
        return shown
    path = finding.location.path
    is_below_root = path.is_absolute() and path.is_relative_to(root)
    return shown | {
        "path": path.relative_to(root).as_posix() if is_below_root else str(path),
        "is_below_root": is_below_root,
        "line": finding.location.line,
        "column": finding.location.column,
        "length": finding.location.length,
        "source_line": finding.location.source_line,
    }


def _parse_finding(shown: dict[str, Any], root: Path) -> Finding:
    location = None
    if "path" in shown:
        path = Path(str(shown["path"]))
        location = Location(
            path=root / path if shown["is_below_root"] else path,
            line=int(shown["line"]),
            column=int(shown["column"]),
            length=int(shown["length"]),
            source_line=str(shown["source_line"]),
        )
    return Finding(
        severity="error" if shown["severity"] == "error" else "warning",
        code=shown["code"],
        message=str(shown["message"]),
        help=shown["help"],
        notes=tuple(shown["notes"]),
        location=location,
    )
