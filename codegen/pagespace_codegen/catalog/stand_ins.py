"""Extensions that the embedded server has not, and of which a schema needs the signatures only.

Their functions are made as plain functions of SQL, owned by the plain role, so that defaults, generated columns and
views that call them mean what they mean elsewhere. Nothing is computed: a scratch database holds no rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from psycopg import sql

_PGCRYPTO: Final = """
digest(text, text) bytea immutable
digest(bytea, text) bytea immutable
hmac(text, text, text) bytea immutable
hmac(bytea, bytea, text) bytea immutable
crypt(text, text) text immutable
gen_salt(text) text volatile
gen_salt(text, integer) text volatile
encrypt(bytea, bytea, text) bytea immutable
decrypt(bytea, bytea, text) bytea immutable
encrypt_iv(bytea, bytea, bytea, text) bytea immutable
decrypt_iv(bytea, bytea, bytea, text) bytea immutable
gen_random_bytes(integer) bytea volatile
gen_random_uuid() uuid volatile
pgp_sym_encrypt(text, text) bytea volatile
pgp_sym_encrypt(text, text, text) bytea volatile
pgp_sym_encrypt_bytea(bytea, text) bytea volatile
pgp_sym_encrypt_bytea(bytea, text, text) bytea volatile
pgp_sym_decrypt(bytea, text) text immutable
pgp_sym_decrypt(bytea, text, text) text immutable
pgp_sym_decrypt_bytea(bytea, text) bytea immutable
pgp_sym_decrypt_bytea(bytea, text, text) bytea immutable
pgp_pub_encrypt(text, bytea) bytea volatile
pgp_pub_encrypt(text, bytea, text) bytea volatile
pgp_pub_encrypt_bytea(bytea, bytea) bytea volatile
pgp_pub_encrypt_bytea(bytea, bytea, text) bytea volatile
pgp_pub_decrypt(bytea, bytea) text immutable
pgp_pub_decrypt(bytea, bytea, text) text immutable
pgp_pub_decrypt(bytea, bytea, text, text) text immutable
pgp_pub_decrypt_bytea(bytea, bytea) bytea immutable
pgp_pub_decrypt_bytea(bytea, bytea, text) bytea immutable
pgp_pub_decrypt_bytea(bytea, bytea, text, text) bytea immutable
pgp_key_id(bytea) text immutable
armor(bytea) text immutable
armor(bytea, text[], text[]) text immutable
dearmor(text) bytea immutable
"""
_UUID_OSSP: Final = """
uuid_nil() uuid immutable
uuid_ns_dns() uuid immutable
uuid_ns_url() uuid immutable
uuid_ns_oid() uuid immutable
uuid_ns_x500() uuid immutable
uuid_generate_v1() uuid volatile
uuid_generate_v1mc() uuid volatile
uuid_generate_v3(uuid, text) uuid immutable
uuid_generate_v4() uuid volatile
uuid_generate_v5(uuid, text) uuid immutable
"""
_FUNCTIONS: Final = {"pgcrypto": _PGCRYPTO, "uuid-ossp": _UUID_OSSP}
_SIGNATURE: Final = re.compile(r"(\w+)(\(.*\)) (\w+) (\w+)")

STAND_INS: Final = frozenset(_FUNCTIONS)
"""The extensions that can be stood in for."""


def stand_in(extension: str, schema: str) -> Iterator[sql.Composed]:
    """Yield the statements that make the functions of an extension in a schema."""
    for name, parameters, result, volatility in _SIGNATURE.findall(_FUNCTIONS[extension]):
        yield sql.SQL("CREATE OR REPLACE FUNCTION {}{} RETURNS {} LANGUAGE sql {} STRICT AS {}").format(
            sql.Identifier(schema, name),
            sql.SQL(parameters),
            sql.SQL(result),
            sql.SQL(volatility),
            sql.Literal(f"SELECT NULL::{result}"),
        )
