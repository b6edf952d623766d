"""Through PgBouncer in transaction mode, one server connection for all clients: nobody inherits a role."""

import shutil
import socket
import subprocess
import time

import psycopg2
import pytest
from django.db import connection

from embedded.binaries import Account
from web import tenancy

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="needs pgbouncer"),
]
WHO = (
    "SELECT pg_backend_pid(), current_user, coalesce(current_setting('anxin.merchant_id', true), ''),"
    " coalesce(current_setting('anxin.subject_id', true), '')"
)
SHOP = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def pooler(db, tmp_path):
    real = connection.settings_dict
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "users.txt").write_text(f'"{real["USER"]}" "{real["PASSWORD"]}"\n')
    (tmp_path / "pgbouncer.ini").write_text(
        f"""[databases]
pooled = host={real["HOST"]} port={real["PORT"]} dbname={real["NAME"]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {tmp_path}/users.txt
pool_mode = transaction
default_pool_size = 1
"""
    )
    account = Account.current()
    for path in (tmp_path, *tmp_path.iterdir()):
        account.own(path)
    for above in tmp_path.parents[:2]:
        above.chmod(above.stat().st_mode | 0o011)
    running = subprocess.Popen(["pgbouncer", str(tmp_path / "pgbouncer.ini")], **account.drop)
    found = {"host": "127.0.0.1", "port": port, "dbname": "pooled"}
    yield {**found, "user": real["USER"], "password": real["PASSWORD"]}
    running.terminate()
    running.wait(10)


def a_client(pooler):
    for _ in range(50):
        try:
            return psycopg2.connect(**pooler)
        except psycopg2.OperationalError:
            time.sleep(0.1)
    raise AssertionError("pgbouncer does not answer")


def asked(client, sql=WHO, params=None):
    with client.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def test_the_next_client_of_the_same_server_connection_is_nobody_s(pooler):
    first, second = a_client(pooler), a_client(pooler)
    server, user, *_ = asked(second)
    second.rollback()
    for end in (first.commit, first.rollback, first.close):
        asked(first, tenancy._SET, [tenancy.ROLE, SHOP, SHOP])
        assert asked(first) == (server, tenancy.ROLE, SHOP, SHOP)
        end()
        found = asked(second)
        assert found[1:] == (user, "", "")
        # A client that went away in the middle takes its server connection along.
        assert found[0] == server or end == first.close
        second.commit()
    second.close()
