"""`python -m tests.kfp_server --folder X`: a stand-in to try the product with, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading
from dataclasses import fields
from typing import Any

from tests.kfp_server.options import Options
from tests.kfp_server.server import KfpServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.kfp_server", description=__doc__)
    parser.add_argument("--folder", required=True, help="where it keeps what it has")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--prefix", default="", help="the path that the API stands below, such as /pipeline")
    parser.add_argument("--python", help="what python3 is in a pod")
    parser.add_argument("--auth", choices=["none", "bearer", "dex-authservice", "dex-oauth2-proxy"], default="none")
    parser.add_argument("--token", action="append", default=[], metavar="TOKEN[=NAMESPACE,…]")
    parser.add_argument("--user", action="append", default=[], metavar="MAIL=PASSWORD")
    parser.add_argument("--secret", action="append", default=[], metavar="NAME/KEY=VALUE")
    parser.add_argument("--multi-user", action="store_true")
    parser.add_argument("--metadata", action="store_true", help="with ML Metadata (tests/mlmd/make_env.sh)")
    parser.add_argument("--clock", type=float, default=1.0, help="seconds of a schedule in a second")
    parser.add_argument("--tls", choices=["trusted", "wrong-host", "expired"])
    given = {name: value for name, value in vars(parser.parse_args()).items() if value not in (None, [], False)}
    server = KfpServer(given.pop("folder"), **_options(given)).start()
    print(server.url, flush=True)
    if server.ca:
        print(f"certificate authority: {server.ca}", flush=True)
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    done.wait()
    server.stop()


def _options(given: dict[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(Options)}
    found = {name: value for name, value in given.items() if name in known}
    if "token" in given:
        pairs = [text.partition("=") for text in given["token"]]
        found["tokens"] = {token: names.split(",") if names else [] for token, _, names in pairs}
    if "user" in given:
        found["users"] = dict(text.split("=", 1) for text in given["user"])
        found["user_namespaces"] = {
            mail: [f"kubeflow-{mail.replace('@', '-').replace('.', '-')}"] for mail in found["users"]
        }
    for text in given.get("secret", []):
        place, _, value = text.partition("=")
        name, _, key = place.partition("/")
        found.setdefault("secrets", {}).setdefault(name, {})[key] = value
    return found


if __name__ == "__main__":
    main()
