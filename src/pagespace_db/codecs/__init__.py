"""How the values of a column become objects of the application's own types, and how they are written back.

The configuration gives a column a type; generated code turns it into a codec of the column: `json_codec(PageContent)`
for documents, `class_codec(Status)` for other values. The builder and the client only see `Codec`. Nothing here knows
of statements, connections or the server.
"""

from pagespace_db.codecs.base import Codec, UnsupportedType
from pagespace_db.codecs.columns import array_codec, class_codec, json_codec, vector_codec
from pagespace_db.codecs.plain import dump_json
from pagespace_db.codecs.records import is_document_class

__all__ = [
    "Codec",
    "UnsupportedType",
    "array_codec",
    "class_codec",
    "dump_json",
    "is_document_class",
    "json_codec",
    "vector_codec",
]
