"""Commands are listed without being imported, and run when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from pagespace_db.cli import cli
from pagespace_db.cli.lazy import LazyGroup
from pagespace_db.cli.migrate import migrate


@pytest.mark.parametrize("group", [cli, migrate], ids=lambda group: str(group.name))
def test_every_command_that_is_listed_has_a_summary_and_every_summary_a_command(group: LazyGroup) -> None:
    with click.Context(group) as context:
        names = group.list_commands(context)
        assert set(group.summaries) == set(names)
        assert all(group.get_command(context, name) is not None for name in names)


def test_listing_commands_imports_neither_commands_nor_the_driver() -> None:
    program = (
        "import sys; from pagespace_db.cli import cli; cli.main(['migrate', '--help'], standalone_mode=False);"
        "print(*sorted({'psycopg', 'pagespace_db.migrate', 'pagespace_codegen'} & set(sys.modules)), 'end', sep='')"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.endswith("\nend\n")
    assert "Apply pending migrations." in done.stdout
