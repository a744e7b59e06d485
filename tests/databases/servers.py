"""A private PostgreSQL and a private MariaDB for tests: on sockets in a folder of their own, without a network.

servers.py KIND FOLDER PID    starts one and keeps it while the process PID lives, then removes the folder. FOLDER/ready
                              appears when it answers, FOLDER/failed (with the reason) when it can't.

Neither server runs as root: it gets its package's user, or nobody. Nothing is kept over a crash, for speed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

USER = "claimed"
GUARDED, PASSWORD = "guarded", "s3cret/w@rd"
_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin")
_START_SECONDS = 60


def program(name: str) -> str | None:
    """Where a program of a server is; Debian keeps PostgreSQL's away from PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return shutil.which(name, path=os.pathsep.join([*map(str, installed), *_FOLDERS, os.environ.get("PATH", "")]))


def missing(kind: str) -> str | None:
    """Why no such server can be started here; None when it can."""
    wanted = {"postgresql": ("initdb", "postgres", "psql"), "mysql": ("mariadbd", "mariadb-install-db", "mariadb")}[
        kind
    ]
    absent = [name for name in wanted if program(name) is None]
    package = {"postgresql": "postgresql", "mysql": "mariadb-server"}[kind]
    return f"{', '.join(absent)} not found: install Debian's {package}" if absent else None


def identity(kind: str) -> dict[str, Any]:
    """The user for the server, as subprocess wants it; {} where we are nobody special."""
    if os.geteuid() != 0:
        return {}
    for name in ({"postgresql": "postgres", "mysql": "mysql"}[kind], "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("no user for the server: neither the package's nor nobody")


def run(command: Sequence[str], who: dict[str, Any], **more: Any) -> None:
    done = subprocess.run(command, **who, capture_output=True, text=True, cwd="/", timeout=_START_SECONDS, **more)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {(done.stderr or done.stdout).strip()[-500:]}")


def start_postgresql(folder: Path, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    data = folder / "data"
    encoding = ("--no-locale", "-E", "UTF8")
    run([program("initdb") or "", "-D", str(data), "-U", USER, "-A", "trust", "-N", *encoding], who)
    rules = f"local all {GUARDED} scram-sha-256\nlocal all all trust\n"
    (data / "pg_hba.conf").write_text(rules)
    settings = {
        "listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off", "synchronous_commit": "off",
        "full_page_writes": "off", "max_connections": "200", "shared_buffers": "32MB",
    }  # fmt: skip
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program("postgres") or "", "-D", str(data), *options], **who, cwd="/", stdout=log, stderr=log
        )
    ask = [program("psql") or "", "-h", str(folder), "-U", USER, "-d", "postgres", "-qAt", "-c"]
    await_answer(server, [*ask, "SELECT 1"])
    quoted = PASSWORD.replace("'", "''")
    run([*ask, f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{quoted}'"], {})
    return server


def start_mysql(folder: Path, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    data, socket = folder / "data", folder / "sock"
    install = [program("mariadb-install-db") or "", "--no-defaults", f"--datadir={data}", "--skip-test-db"]
    run([*install, "--auth-root-authentication-method=normal"], who)
    options = [
        f"--datadir={data}", f"--socket={socket}", f"--pid-file={folder / 'pid'}", "--skip-networking",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--max-connections=200",
        "--skip-log-bin", "--innodb-doublewrite=0",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program("mariadbd") or "", "--no-defaults", *options], **who, cwd="/", stdout=log, stderr=log
        )
    ask = [program("mariadb") or "", "--no-defaults", f"--socket={socket}", "--user=root", "-e"]
    await_answer(server, [*ask, "SELECT 1"])
    accounts = (
        f"CREATE USER {USER}@localhost; GRANT ALL ON *.* TO {USER}@localhost WITH GRANT OPTION;"
        f"CREATE USER {GUARDED}@localhost IDENTIFIED BY '{PASSWORD}'; DROP USER IF EXISTS ''@localhost;"
    )
    run([*ask, accounts], {})
    return server


def await_answer(server: subprocess.Popen[bytes], question: Sequence[str]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while subprocess.run(question, capture_output=True, cwd="/").returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise RuntimeError("the server does not answer")
        time.sleep(0.05)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main(kind: str, place: str, pid: str) -> None:
    folder, who = Path(place), identity(kind)
    if who:
        os.chown(folder, who["user"], who["group"])
    folder.chmod(0o755)
    try:
        server = {"postgresql": start_postgresql, "mysql": start_mysql}[kind](folder, who)
    except Exception as error:
        log = folder / "log"
        (folder / "failed").write_text(f"{error}\n{log.read_text(errors='replace')[-800:] if log.exists() else ''}")
        raise
    (folder / "ready").touch()
    while lives(int(pid)) and server.poll() is None:
        time.sleep(0.3)
    # Fast: whatever is connected is let go.
    server.send_signal(signal.SIGINT if kind == "postgresql" else signal.SIGTERM)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
