"""Makes every secret that docker-compose.yml names, once; what is there already is never touched."""

import base64
import json
import os
import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "secrets"
ACCOUNT = 10001  # `anxin` of deploy/Dockerfile
PASSWORDS = ("superuser", "owner", "app", "portal", "redis")


def put(name: str, text: str) -> None:
    path = FOLDER / name
    if not path.exists():
        # The container's account must read it; here the folder around it is closed to everybody else.
        path.write_text(text)
        path.chmod(0o644)


def put_key(name: str, text: str) -> None:
    """Readable by the container's account alone: the site refuses a master key that others may read."""
    put(name, text)
    path = FOLDER / name
    path.chmod(0o600)
    try:
        os.chown(path, ACCOUNT, ACCOUNT)
    except PermissionError:
        print(f"Give {path} to the container's account: sudo chown {ACCOUNT}:{ACCOUNT} {path}")


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
    put_key("master_key", json.dumps({"current": 1, "keys": {"1": key}}))
    put("database_url", f"postgres://anxin_app:{known('app')}@pgbouncer:6432/anxin")
    put("direct_url", f"postgres://anxin_app:{known('app')}@postgres:5432/anxin")
    put("owner_url", f"postgres://anxin_owner:{known('owner')}@postgres:5432/anxin")
    put("redis_url", f"redis://:{known('redis')}@redis:6379/0")
    put("pgbouncer_users", "".join(f'"anxin_{role}" "{known(role)}"\n' for role in ("app", "portal")))
    print(f"Secrets are in {FOLDER.name}/. Keep a copy of master_key elsewhere, apart from database backups:")
    print("without it nobody's name, address or file can be read again.")


if __name__ == "__main__":
    main()
