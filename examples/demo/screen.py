"""What the demo shows: commands, progress and tables; plain lines where there is no terminal."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from examples.demo.seed import Report

_WIDTH_WITHOUT_A_TERMINAL: Final = 110
_ROWS_SHOWN: Final = 8

console: Final = Console(highlight=False)
if not console.is_terminal:
    console.width = _WIDTH_WITHOUT_A_TERMINAL


def say(text: str) -> None:
    """Print a line about what the demo itself does."""
    console.print(f"[dim]{escape(text)}[/dim]", soft_wrap=True)


def announce(command: str) -> None:
    """Print a command as one would type it."""
    console.print(f"\n[bold green]$[/bold green] [bold]{escape(command)}[/bold]", soft_wrap=True)


@contextmanager
def seeding() -> Generator[Report]:
    """Yield the function that reports how far the seed has come: a bar on a terminal, else a line for each table."""
    if not console.is_terminal:
        yield _print_when_done
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("imagining the workspace", total=None)

        def report(table: str, sent: int, total: int) -> None:
            progress.update(task, description=table, completed=sent, total=total)

        yield report


def _print_when_done(table: str, sent: int, total: int) -> None:
    if sent == total:
        console.print(f"  {table:<24}{total:>8,} rows")


def show(title: str, columns: str, rows: list[tuple[object, ...]], times: str) -> None:
    """Print a result as a table: its first rows, and above them how many there are and how long it took."""
    table = Table()
    for column in columns.split():
        table.add_column(column, overflow="ellipsis", no_wrap=True)
    for row in rows[:_ROWS_SHOWN]:
        table.add_row(*_cells(row))
    if len(rows) > _ROWS_SHOWN:
        table.add_row(*["…"] * len(table.columns))
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    console.print(f"\n[bold]{escape(title)}[/bold]  [dim]{count}, {times}[/dim]", soft_wrap=True)
    console.print(table)


def _cells(row: Iterable[object]) -> list[str]:
    return [escape(_cell(value)) for value in row]


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            return str(value)
