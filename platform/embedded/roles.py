"""The database and its three ordinary roles: owner (migrations), app (the site), portal (merchants)."""

import json
import sys

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection, cursor

DATABASE = "anxin"
ROLES = ("owner", "app", "portal")


class NotOurs(Exception):
    """What answers on the port is not the server that was started, or cannot hold Chinese text."""


def role(name: str) -> str:
    return f"anxin_{name}"


def url(name: str, *, password: str, port: int, database: str = DATABASE) -> str:
    return f"postgres://{role(name)}:{password}@127.0.0.1:{port}/{database}"


def prepare(
    *, port: int, data: str, superuser: str, passwords: dict[str, str], createdb: bool = False
) -> None:
    """Make roles and database on a fresh cluster; on a known one check that it is ours.

    :raises NotOurs: the server on the port works on another folder, or sees no letters in Chinese text.
    """
    link = psycopg2.connect(
        host="127.0.0.1", port=port, user="postgres", password=superuser, dbname="postgres"
    )
    link.autocommit = True
    try:
        _check_folder(link, data)
        _make(link, passwords, createdb=createdb)
    finally:
        link.close()
    check_letters(url("owner", password=passwords["owner"], port=port))


def check_letters(address: str) -> None:
    """Refuse a database whose locale hides Chinese letters from the trigram search.

    :raises NotOurs: it sees none.
    """
    link = psycopg2.connect(address)
    try:
        with link.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute("SELECT cardinality(show_trgm('\u9000\u6b3e\u5e73\u53f0'))")
            row = cursor.fetchone()
        link.rollback()
    finally:
        link.close()
    if row is None or not row[0]:
        raise NotOurs("The database's locale sees no letters in Chinese text; it needs C.UTF-8 as LC_CTYPE.")


def _check_folder(link: connection, data: str) -> None:
    with link.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        row = cursor.fetchone()
    if row is None or row[0] != data:
        raise NotOurs(f"The server works on {row and row[0]}, not on {data}.")


def _make(link: connection, passwords: dict[str, str], *, createdb: bool) -> None:
    with link.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'anxin\\_%%'")
        known = {row[0] for row in cursor.fetchall()}
        for name in ROLES:
            verb = "ALTER" if role(name) in known else "CREATE"
            extra = "CREATEDB" if createdb and name == "owner" else "NOCREATEDB"
            cursor.execute(
                sql.SQL(
                    f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {extra} PASSWORD %s"
                ).format(sql.Identifier(role(name))),
                [passwords[name]],
            )
        _lend(cursor, "portal", to="app")
        for name in ("app", "portal") if createdb else ():
            _lend(cursor, name, to="owner")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(role("owner"))}
            cursor.execute(
                sql.SQL("CREATE DATABASE {database} OWNER {owner} TEMPLATE template0").format(**names)
            )
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))


def _lend(cursor: cursor, name: str, *, to: str) -> None:
    """`to` may change to the role for a transaction, without inheriting what its policies say.

    The site changes to the portal's; tests run as the owner and change to both.
    """
    names = {"member": sql.Identifier(role(to)), "lent": sql.Identifier(role(name))}
    cursor.execute(sql.SQL("ALTER ROLE {member} NOINHERIT").format(**names))
    cursor.execute(sql.SQL("GRANT {lent} TO {member}").format(**names))


if __name__ == "__main__":
    try:
        prepare(**json.load(sys.stdin))
    except (psycopg2.Error, NotOurs) as problem:
        sys.exit(str(problem))
