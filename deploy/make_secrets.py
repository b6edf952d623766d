"""Makes every secret that docker-compose.yml names, once; what is there already is never touched."""

import base64
import json
import os
import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "secrets"
KEYS = FOLDER.with_name("keys")
ACCOUNT = 10001  # `anxin` of deploy/Dockerfile
PASSWORDS = ("superuser", "owner", "app", "portal", "redis")


def put(name: str, text: str) -> None:
    path = FOLDER / name
    if not path.exists():
        # The container's account must read it; here the folder around it is closed to everybody else.
        path.write_text(text)
        path.chmod(0o644)


def put_key(path: Path, text: str) -> None:
    """For the container's account alone to read and replace: the site refuses a key that others may read."""
    KEYS.mkdir(exist_ok=True)
    KEYS.chmod(0o700)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(text)
    try:
        for owned in (path, KEYS):
            os.chown(owned, ACCOUNT, ACCOUNT)
    except PermissionError:
        print(f"Give {KEYS} to the container's account: sudo chown -R {ACCOUNT}:{ACCOUNT} {KEYS}")


def known(name: str) -> str:
    return (FOLDER / f"{name}_password").read_text()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    FOLDER.chmod(0o700)
    for name in PASSWORDS:
        put(f"{name}_password", secrets.token_hex(32))
    put("secret_key", secrets.token_hex(32))
    put("webhook_secret", secrets.token_hex(32))
    key = base64.b64encode(os.urandom(32)).decode()
    put_key(KEYS / "master-key.json", json.dumps({"current": 1, "keys": {"1": key}}))
    put("database_url", f"postgres://anxin_app:{known('app')}@pgbouncer:6432/anxin")
    put("direct_url", f"postgres://anxin_app:{known('app')}@postgres:5432/anxin")
    put("owner_url", f"postgres://anxin_owner:{known('owner')}@postgres:5432/anxin")
    put("redis_url", f"redis://:{known('redis')}@redis:6379/0")
    put("pgbouncer_users", "".join(f'"anxin_{role}" "{known(role)}"\n' for role in ("app", "portal")))
    print(f"Secrets are in {FOLDER.name}/ and {KEYS.name}/. Keep a copy of the keys apart from backups:")
    print("without them nobody's name, address or file can be read again.")


if __name__ == "__main__":
    main()
