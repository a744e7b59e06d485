"""What holds for the whole house: the direction of imports, the published schemas, cheap imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from claimed_jlab.server.publish import FOLDER, schemas, text_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "claimed_jlab"


def test_imports_follow_the_arrows_of_the_design():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--config", ROOT / "pyproject.toml"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", ["component", "pipeline", "run", "lineage", "report"])
def test_the_core_knows_nothing_of_the_web(room):
    for path in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & {"tornado", "jupyter_server", "jupyterlab"}, path


def test_report_needs_the_standard_library_alone():
    allowed = {*sys.stdlib_module_names, "claimed_jlab"}
    for path in (PACKAGE / "report").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names if name} <= allowed, path


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_published_schema_is_that_of_its_model(name):
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == text_of(schemas()[name]), "run `make schemas`"


def modules_after(statement):
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_package_imports_nothing_of_it():
    mine = {name for name in modules_after("import claimed_jlab") if name.startswith("claimed_jlab")}
    assert mine == {"claimed_jlab"}


def test_help_imports_nothing_heavy():
    loaded = modules_after("from claimed_jlab.cli.commands import claimed\nclaimed(['--help'], standalone_mode=False)")
    assert not loaded & {"pydantic", "yaml", "sqlalchemy", "nbformat", "jsonschema", "rich", "IPython", "jupyter_core"}


def test_a_lineage_import_is_free_until_it_is_used():
    assert not modules_after("import claimed_jlab.lineage") & {"sqlalchemy", "google.protobuf"}
