"""Packages for several databases in one process: a type of one name, and a class of each package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import psycopg
import pytest

from pagespace_db.types import RESOLVE_QUERY, TypeRegistry, register_types


class Mood(StrEnum):
    HAPPY = "happy"
    SAD = "sad"


class Weather(StrEnum):
    SUN = "sun"
    RAIN = "rain"


@dataclass(slots=True)
class Point:
    x: int
    y: int


@dataclass(slots=True)
class Spot:
    x: int
    y: int
    name: str


STATE, PLACE = ("public", "state"), ("public", "place")
ONE = TypeRegistry(enums=((STATE, Mood),), composites=((PLACE, Point),))
OTHER = TypeRegistry(enums=((STATE, Weather),), composites=((PLACE, Spot),))


@pytest.mark.parametrize("registry", [ONE | OTHER, OTHER | ONE])
def test_each_database_gets_the_classes_that_fit_it(empty_database: str, registry: TypeRegistry) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TYPE state AS ENUM ('rain', 'sun'); CREATE TYPE place AS (x int, y int)")
        rows = connection.execute(RESOLVE_QUERY, registry.parameters()).fetchall()
        register_types(registry, rows, connection)
        found = connection.execute("SELECT 'rain'::state, ROW(1, 2)::place").fetchone()
    assert found == (Weather.RAIN, Point(1, 2))
    assert found is not None
    assert isinstance(found[0], Weather)


def test_where_no_class_fits_and_another_package_reads_text_it_is_text(empty_database: str) -> None:
    registry = TypeRegistry(texts=(STATE,)) | ONE
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TYPE state AS ENUM ('new')")
        rows = connection.execute(RESOLVE_QUERY, registry.parameters()).fetchall()
        register_types(registry, rows, connection)
        assert connection.execute("SELECT 'new'::state").fetchone() == ("new",)


def test_a_label_that_no_class_has_is_an_error_and_not_another_type(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TYPE state AS ENUM ('happy', 'sad', 'angry')")
        rows = connection.execute(RESOLVE_QUERY, ONE.parameters()).fetchall()
        register_types(ONE, rows, connection)
        with pytest.raises(psycopg.DataError, match="angry"):
            connection.execute("SELECT 'angry'::state").fetchone()
