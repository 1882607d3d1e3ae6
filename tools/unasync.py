"""Write the synchronous client from the asynchronous one: `python tools/unasync.py [--check]`.

Works on tokens: `async` and `await` go, and names are exchanged by the table below. A name with Async in it that the
table does not know stops the tool, so nothing is translated by accident.
"""

from __future__ import annotations

import argparse
import difflib
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CLIENT: Final = ROOT / "src" / "pagespace_db" / "client"
TESTS: Final = ROOT / "tests" / "client"
PAIRS: Final = {
    **{path: CLIENT / "_sync" / path.name for path in sorted((CLIENT / "_async").glob("*.py"))},
    **{path: path.with_name(path.name.replace("async", "sync")) for path in sorted(TESTS.glob("test_*_async.py"))},
}

HEADER: Final = '"""Generated from {source} by tools/unasync.py: do not edit."""\n'

NAMES: Final = {
    "AbstractAsyncContextManager": "AbstractContextManager",
    "AsyncConnection": "Connection",
    "AsyncConnectionPool": "ConnectionPool",
    "AsyncDatabase": "Database",
    "AsyncExecutor": "Executor",
    "AsyncGenerator": "Generator",
    "AsyncHome": "Home",
    "AsyncIterator": "Iterator",
    "AsyncMutex": "Mutex",
    "AsyncObservedConnection": "ObservedConnection",
    "AsyncOutcome": "Outcome",
    "AsyncPool": "Pool",
    "AsyncPooledConnection": "PooledConnection",
    "AsyncReturned": "Returned",
    "AsyncScope": "Scope",
    "AsyncTransaction": "Transaction",
    "AsyncTransactionScope": "TransactionScope",
    "AsyncYields": "Yields",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "_async": "_sync",
    "aclose": "close",
    "aclosing": "closing",
    "anext": "next",
    "async_advisory_lock": "advisory_lock",
    "async_copy_in": "copy_in",
    "async_copy_out": "copy_out",
    "async_copy_rows": "copy_rows",
    "async_is_running": "is_running",
    "async_listen": "listen",
    "async_loop": "loop",
    "async_position": "position",
    "async_sleep": "sleep",
    "async_wait_for_replay": "wait_for_replay",
    "asynccontextmanager": "contextmanager",
}


def translate(source: str, name: str) -> str:
    """Return the synchronous twin of `source`, the content of the file `name`, not yet formatted."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    pieces: list[str] = []
    position = (1, 0)
    lines = source.splitlines(keepends=True)
    skip_space = False
    for token in tokens:
        between = _text_between(lines, position, token.start)
        position = token.end
        pieces.append(between.lstrip(" ") if skip_space else between)
        skip_space = token.type == tokenize.NAME and token.string in ("async", "await")
        if not skip_space:
            pieces.append(_renamed(token))
    _, _, body = "".join(pieces).partition('"""\n\n')
    return f"{HEADER.format(source=name)}\n{body}"


def _renamed(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.STRING:
        return _in_strings(token.string)
    if token.type != tokenize.NAME:
        return token.string
    if "async" in token.string.lower() and token.string not in NAMES:
        sys.exit(f"line {token.start[0]}: no synchronous name is known for {token.string}; add it to tools/unasync.py")
    return NAMES.get(token.string, token.string)


def _in_strings(text: str) -> str:
    """Return a docstring, or the names of an __all__, with the names exchanged."""
    text = re.sub(r"\b(async|await) ", "", text)
    return re.sub(r"\b\w+\b", lambda word: NAMES.get(word[0], word[0]), text)


def _text_between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]] if start[0] <= len(lines) else ""
    middle = "".join(lines[start[0] : end[0] - 1])
    last = lines[end[0] - 1][: end[1]] if end[0] <= len(lines) else ""
    return lines[start[0] - 1][start[1] :] + middle + last


def formatted(source: str, path: Path) -> str:
    """Return `source` with sorted imports, in the format of the project."""
    for command in (["check", "--select", "I", "--fix", "--quiet"], ["format"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", path, "-"],
            input=source,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        source = done.stdout
    return source


def main() -> None:
    """Write the generated files, or with --check exit 1 with a diff when one is stale."""
    parser = argparse.ArgumentParser(description="Write the synchronous client from the asynchronous one.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 with a diff when a file is stale")
    check: bool = parser.parse_args().check
    stale = False
    for source, target in PAIRS.items():
        expected = formatted(translate(source.read_text(encoding="utf-8"), source.name), target)
        actual = target.read_text(encoding="utf-8") if target.exists() else ""
        if actual == expected:
            continue
        stale = True
        if check:
            names = (str(target.relative_to(ROOT)), f"generated from {source.name}")
            sys.stdout.writelines(difflib.unified_diff(actual.splitlines(True), expected.splitlines(True), *names))
        else:
            target.write_text(expected, encoding="utf-8")
            print(f"wrote {target.relative_to(ROOT)}")
    if stale and check:
        sys.exit("the synchronous client is stale; run: python tools/unasync.py")


if __name__ == "__main__":
    main()
