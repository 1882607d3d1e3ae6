"""The enumerations of PostgreSQL that a query tree prints as numbers (src/include/nodes/*.h).

Their numbers are part of no interface, but have been the same from PostgreSQL 14 to 18; a test holds them to that.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Command(IntEnum):
    """`CmdType`: what a QUERY does."""

    SELECT = 1
    UPDATE = 2
    INSERT = 3
    DELETE = 4
    MERGE = 5


class EntryKind(IntEnum):
    """`RTEKind`: what an entry of the range table is."""

    RELATION = 0
    SUBQUERY = 1
    JOIN = 2
    FUNCTION = 3
    TABLE_FUNCTION = 4
    VALUES = 5
    CTE = 6
    GROUP = 9


class Join(IntEnum):
    """`JoinType`."""

    INNER = 0
    LEFT = 1
    FULL = 2
    RIGHT = 3


class NullTest(IntEnum):
    """`NullTestType`."""

    IS_NULL = 0
    IS_NOT_NULL = 1


class BooleanTest(IntEnum):
    """`BoolTestType`."""

    IS_TRUE = 0
    IS_NOT_TRUE = 1
    IS_FALSE = 2
    IS_NOT_FALSE = 3
    IS_UNKNOWN = 4
    IS_NOT_UNKNOWN = 5


class Sublink(IntEnum):
    """`SubLinkType`: how a subquery stands in an expression."""

    EXISTS = 0
    ALL = 1
    ANY = 2
    ROW_COMPARE = 3
    SCALAR = 4
    ARRAY = 6


class SetOperation(IntEnum):
    """`SetOperation`."""

    UNION = 1
    INTERSECT = 2
    EXCEPT = 3


class GroupingSet(IntEnum):
    """`GroupingSetKind`."""

    EMPTY = 0
    SIMPLE = 1
    ROLLUP = 2
    CUBE = 3
    SETS = 4


class Returning(IntEnum):
    """`VarReturningType`, from PostgreSQL 18."""

    DEFAULT = 0
    OLD = 1
    NEW = 2


class OnConflict(IntEnum):
    """`OnConflictAction`."""

    NOTHING = 1
    UPDATE = 2


class MergeMatch(IntEnum):
    """`MergeMatchKind`, from PostgreSQL 17."""

    MATCHED = 0
    NOT_MATCHED_BY_SOURCE = 1
    NOT_MATCHED_BY_TARGET = 2


class ParameterKind(IntEnum):
    """`ParamKind`."""

    EXTERNAL = 0
    SUBLINK = 2


class Xml(IntEnum):
    """`XmlExprOp`: which function an XMLEXPR is."""

    CONCAT = 0
    ELEMENT = 1
    FOREST = 2
    PARSE = 3
    PROCESSING_INSTRUCTION = 4
    ROOT = 5
    SERIALIZE = 6
    IS_DOCUMENT = 7


class JsonConstructor(IntEnum):
    """`JsonConstructorType`: which function a JSONCONSTRUCTOREXPR is, from PostgreSQL 16."""

    OBJECT = 1
    ARRAY = 2
    PARSE = 5
    SCALAR = 6
    SERIALIZE = 7


class Frame(IntFlag):
    """`FRAMEOPTION_*`: the frame of a window."""

    ROWS = 0x4
    START_UNBOUNDED_PRECEDING = 0x20
    END_UNBOUNDED_FOLLOWING = 0x100
    START_CURRENT_ROW = 0x200
    END_CURRENT_ROW = 0x400
    START_OFFSET_PRECEDING = 0x800
    END_OFFSET_FOLLOWING = 0x4000
    EXCLUDE_CURRENT_ROW = 0x8000
    EXCLUDE_GROUP = 0x10000


JSON_EXISTS = 0
"""`JSON_EXISTS_OP`, of a JSONEXPR."""
JSON_UNKNOWN_ON_ERROR = 5
"""`JSON_BEHAVIOR_UNKNOWN`."""
TABLE_FUNCTION_OF_XML = 0
"""`TFT_XMLTABLE`, of a TABLEFUNC."""
LAST_TIME_OF_CLOCK = 8
"""`SVFOP_LOCALTIMESTAMP_N`: up to it, an SQLValueFunction is a date or a time."""
CURRENT_SCHEMA = 14
"""`SVFOP_CURRENT_SCHEMA`, the only SQLValueFunction that can be NULL."""
