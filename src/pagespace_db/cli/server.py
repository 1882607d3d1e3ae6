"""`pagespace-db server`: the project's development server, and the idle scratch servers."""

from __future__ import annotations

import json
import secrets

import click
import psycopg
from psycopg import sql

from pagespace_db.cli.context import CommandContext
from pagespace_db.connect import render_url
from pagespace_db.embedded import Cluster, Server, development_cluster, stop_idle_scratch_servers
from pagespace_db.embedded.databases import ensure_database
from pagespace_db.errors import ConfigError
from pagespace_db.settings import find_project_root

EXIT_NOT_RUNNING = 3

_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def server() -> None:
    """Start, stop and find the project's own PostgreSQL."""


@server.command()
@click.option("--port", type=click.IntRange(1024, 65535), help="Listen on this port of 127.0.0.1, too.")
@_json_option
@click.pass_obj
def start(context: CommandContext, port: int | None, as_json: bool) -> None:
    """Start the server, which then runs until `server stop`.

    It takes connections at its own socket. With --port also at 127.0.0.1, with a password that is in a file beside the
    data; the URL names that file.
    """
    cluster = _cluster(context)
    with cluster.attach(port=port) as attached:
        if port is not None and cluster.port != port:
            raise ConfigError(
                f"the server runs already, {_listening(cluster)}",
                help="run `pagespace-db server stop` first",
            )
        attached.keep()
        ensure_database(attached)
        if port is not None:
            _set_password(attached)
        done = "started" if attached.was_started else "already running:"
        _print(
            f"{done} PostgreSQL {attached.version} in {attached.home}\n{_shown_url(cluster)}",
            {"started": attached.was_started, **_facts(cluster)},
            as_json=as_json,
        )


@server.command()
@click.option("--scratch", is_flag=True, help="Stop the scratch servers that nobody uses, instead.")
@_json_option
@click.pass_obj
def stop(context: CommandContext, scratch: bool, as_json: bool) -> None:
    """Stop the server and wait for its end; connections are closed."""
    if scratch:
        count = stop_idle_scratch_servers()
        _print(f"stopped {count} scratch server{'' if count == 1 else 's'}", {"stopped": count}, as_json=as_json)
        return
    cluster = _cluster(context)
    was_running = cluster.stop()
    text = "stopped the server" if was_running else "no server was running"
    _print(f"{text} in {cluster.layout.home}", {"stopped": was_running}, as_json=as_json)


@server.command()
@_json_option
@click.pass_obj
def status(context: CommandContext, as_json: bool) -> None:
    """Tell whether the server runs: exit code 0 if it does, 3 if not."""
    cluster = _cluster(context)
    plan = cluster.running_plan
    if plan is None or not cluster.is_running:
        _print(f"not running (it would be in {cluster.layout.home})", _facts(cluster), as_json=as_json)
        raise click.exceptions.Exit(EXIT_NOT_RUNNING)
    until = "until `pagespace-db server stop`" if cluster.layout.keep.exists() else "as long as it is used"
    _print(
        f"PostgreSQL {plan.version} is running in {cluster.layout.home}, {until}\n{_shown_url(cluster)}",
        _facts(cluster),
        as_json=as_json,
    )


@server.command()
@click.option("--start", "is_start", is_flag=True, help="Start the server if it does not run.")
@_json_option
@click.pass_obj
def url(context: CommandContext, is_start: bool, as_json: bool) -> None:
    """Print the URL of the project's database; nothing is started without --start."""
    cluster = _cluster(context)
    if is_start:
        with cluster.attach() as attached:
            ensure_database(attached)
            _print(_shown_url(cluster), _facts(cluster), as_json=as_json)
        return
    _print(_shown_url(cluster), _facts(cluster), as_json=as_json)


def _cluster(context: CommandContext) -> Cluster:
    return development_cluster(find_project_root(context.start))


def _facts(cluster: Cluster) -> dict[str, object]:
    plan = cluster.running_plan
    return {
        "running": cluster.is_running,
        "version": None if plan is None else plan.version,
        "home": str(cluster.layout.home),
        "log": str(cluster.layout.log),
        "kept": cluster.layout.keep.exists(),
        "url": _shown_url(cluster),
        "port": cluster.port,
    }


def _shown_url(cluster: Cluster) -> str:
    """Return the URL of the port if there is one, else of the socket. A password is in a file, never in the URL."""
    if cluster.port is None:
        return cluster.url()
    return render_url(
        {
            "user": "postgres",
            "host": "127.0.0.1",
            "port": str(cluster.port),
            "dbname": cluster.database,
            "passfile": str(cluster.layout.passfile),
        }
    )


def _listening(cluster: Cluster) -> str:
    return "without a port" if cluster.port is None else f"at port {cluster.port}"


def _set_password(attached: Server) -> None:
    """Give the superuser a new random password, and write it to a file that only we may read."""
    password = secrets.token_urlsafe(24)
    passfile = attached.cluster.layout.passfile
    passfile.touch(mode=0o600)
    passfile.write_text(f"127.0.0.1:*:*:postgres:{password}\n", encoding="ascii")
    with psycopg.connect(attached.url("postgres"), autocommit=True) as connection:
        encrypted = connection.pgconn.encrypt_password(password.encode(), b"postgres", b"scram-sha-256")
        connection.execute(sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(encrypted.decode())))


def _print(text: str, facts: dict[str, object], *, as_json: bool) -> None:
    click.echo(json.dumps({"ok": True, **facts}) if as_json else text)
