"""The package costs nothing until it is used, and never brings the official library into our process."""

from __future__ import annotations

import subprocess
import sys


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_lineage_loads_neither_sqlalchemy_nor_protobuf_nor_pydantic() -> None:
    loaded = modules_after("import claimed_jlab.lineage")

    assert not loaded & {"sqlalchemy", "google", "pydantic"}


def test_using_lineage_never_loads_ml_metadata(tmp_path: object) -> None:
    loaded = modules_after(
        "from claimed_jlab.lineage import *\nfrom claimed_jlab.lineage.view import LineageAnswer\n"
        f"Recorder(open_store({str(tmp_path)!r} + '/l.db')).start_run('r', 'p', parameters={{}}, properties={{}})"
    )

    assert "sqlalchemy" in loaded and "ml_metadata" not in loaded


def test_an_unknown_name_is_an_attribute_error() -> None:
    import claimed_jlab.lineage

    assert not hasattr(claimed_jlab.lineage, "upstreams")
    assert callable(claimed_jlab.lineage.tree)
