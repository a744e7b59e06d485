"""Elyra, the peer that runs pipelines in JupyterLab: in an environment of its own, because it pins much."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.bench.figures import cpu_of
from tests.bench.peers import peer

_ELYRA = "elyra==4.1.1"
_IMAGE = "library/python:3.11"
_METADATA = ("component-catalogs", "code-snippets", "runtimes", "runtime-images")
_LOCATION = b'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>'
_RUNTIME = {
    "schema_name": "kfp",
    "name": "kf",
    "display_name": "kf",
    "api_endpoint": "http://127.0.0.1:9/pipeline",
    "engine": "Argo",
    "auth_type": "NO_AUTHENTICATION",
    "cos_auth_type": "USER_CREDENTIALS",
    "cos_username": "user",
    "cos_password": "password",
    "cos_bucket": "bucket",
}


def elyra_program() -> Path | None:
    """`elyra-pipeline`, installed when it is not yet; None, with a word on standard error, where that can't be."""
    python = peer("elyra", _ELYRA)
    return None if python is None else python.with_name("elyra-pipeline")


def elyra_seconds(program: Path, notebook: Path, folder: Path, *, chained: bool) -> float:
    """Wall seconds of `elyra-pipeline run` for ten copies of a notebook, in a line or apart."""
    folder.mkdir()
    for number in range(10):
        shutil.copy(notebook, folder / f"t{number}.ipynb")
    document = folder / "ten.pipeline"
    document.write_text(json.dumps(_document(chained)), encoding="utf-8")
    return cpu_of([str(program), "run", document.name], cwd=folder)[1]


def elyra_export_cpu(program: Path, notebook: Path, folder: Path, count: int) -> float:
    """CPU seconds of `elyra-pipeline export` for Kubeflow of so many notebooks in a line.

    It puts the notebooks into a bucket while it exports, so a server stands there that takes whatever comes.
    """
    for name in ("runtime", "components", *(f"metadata/{kind}" for kind in _METADATA)):
        (folder / "data" / name).mkdir(parents=True)  # it watches these, and fails where one is not there
    for number in range(count):
        shutil.copy(notebook, folder / f"t{number}.ipynb")
    document = folder / "line.pipeline"
    document.write_text(json.dumps(_document(True, count, "KUBEFLOW_PIPELINES")), encoding="utf-8")
    environment = {**os.environ, "HOME": str(folder), "JUPYTER_DATA_DIR": str(folder / "data")}
    with bucket() as address:
        runtime = [f"--{name}={value}" for name, value in {**_RUNTIME, "cos_endpoint": address}.items()]
        metadata = str(program.with_name("elyra-metadata"))
        cpu_of([metadata, "create", "runtimes", *runtime], cwd=folder, env=environment)
        image = ["--name=py", "--display_name=py", f"--image_name={_IMAGE}"]
        cpu_of([metadata, "create", "runtime-images", *image], cwd=folder, env=environment)
        export = [str(program), "export", document.name, "--runtime-config=kf", "--output=line.yaml"]
        return cpu_of(export, cwd=folder, env=environment)[0]


@contextmanager
def bucket() -> Iterator[str]:
    """The address of a server that says yes to all that an S3 client asks."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Yes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Yes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"" if self.command != "GET" else _LOCATION
        self.send_response(200)
        self.send_header("ETag", '"d41d8cd98f00b204e9800998ecf8427e"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST = do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


def _document(chained: bool, count: int = 10, runtime: str = "") -> dict[str, object]:
    about = {"comments": []}
    pipeline = {
        "id": "p",
        "nodes": [_node(number, chained) for number in range(count)],
        "app_data": {
            "ui_data": about,
            "version": 8,
            "runtime_type": runtime,
            "properties": {"name": "ten"},
            **({"runtime": "kfp"} if runtime else {}),
        },
        "runtime_ref": "",
    }
    return {
        "doc_type": "pipeline",
        "version": "3.0",
        "id": "elyra",
        "primary_pipeline": "p",
        "pipelines": [pipeline],
        "schemas": [],
    }


def _node(number: int, chained: bool) -> dict[str, object]:
    parameters = {
        "filename": f"t{number}.ipynb",
        "outputs": [],
        "env_vars": [],
        "dependencies": [],
        "include_subdirectories": False,
        "runtime_image": _IMAGE,
    }
    before = {"id": f"l{number}", "node_id_ref": f"n{number - 1}", "port_id_ref": "outPort"}
    label = {"label": f"t{number}"}
    return {
        "id": f"n{number}",
        "type": "execution_node",
        "op": "execute-notebook-node",
        "app_data": {"component_parameters": parameters, **label, "ui_data": label},
        "inputs": [{"id": "inPort", "app_data": {"ui_data": {}}, "links": [before] if chained and number else []}],
        "outputs": [{"id": "outPort", "app_data": {"ui_data": {}}}],
    }
