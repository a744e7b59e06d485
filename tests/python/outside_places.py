"""Places that catalogs come from, for tests: real git repositories, archives, and a web server on this machine."""

from __future__ import annotations

import io
import subprocess
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from authoring import code, markdown, write_notebook

KFP = """
name: Filter text
description: Keeps the lines that match.
inputs:
- {name: Text}
- {name: Pattern, type: String, default: '.*', optional: true}
outputs:
- {name: Filtered text}
metadata: {annotations: {author: Ada Lovelace <ada@example.org>}}
implementation:
  container:
    image: alpine:3.19
    command: [sh, -ec, 'mkdir -p "$(dirname "$2")"; grep "$1" < "$0" > "$2"']
    args: [{inputPath: Text}, {inputValue: Pattern}, {outputPath: Filtered text}]
"""


def greeter(folder: Path, at: str = "greet", /, *, says: str = "Hello", version: str = "1.0.0", **claimed: Any) -> Path:
    """A component of somebody else, in `folder/<at>/`. claimed: what its notebook says of itself."""
    return write_notebook(
        folder / at / f"{at}.ipynb",
        markdown(f"# {at.title()} somebody\n\nSays hello."),
        code('whom: str = "you"', "parameters"),
        code(f'greeting: str = "{says}, " + whom', "outputs"),
        **{"category": "test", "version": version, "author": "A. Stranger", **claimed},
    )


def git(folder: Path, *words: str) -> str:
    """What git says in a repository."""
    who = ["-c", "user.name=A. Stranger", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str = "change") -> str:
    """Commits all that is in a folder, as a repository; returns the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")
    return git(folder, "rev-parse", "HEAD")


def tar_of(folder: Path, *, wrapped: str = "", mode: str = "w:gz") -> bytes:
    """A folder as a tar archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:
        archive.add(folder, arcname=wrapped or ".")
    return packed.getvalue()


def zip_of(files: dict[str, bytes]) -> bytes:
    """Files as a zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


class Web:
    """A web server on this machine. files: what it answers, by path; `status` in its place answers an error."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.status: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.asked: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                web.asked.append(path)
                if path in web.redirects:
                    self.send_response(302)
                    self.send_header("Location", web.redirects[path])
                    self.end_headers()
                    return
                content = web.files.get(path)
                self.send_response(web.status.get(path, 404 if content is None else 200))
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def put(self, path: str, content: bytes | str) -> str:
        """Serves something; returns its URL."""
        self.files[path] = content.encode() if isinstance(content, str) else content
        return f"{self.url}{path}"

    def stop(self) -> None:
        """Takes it off the network."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
