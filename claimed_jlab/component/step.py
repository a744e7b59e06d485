"""Runs one notebook in a container. Self-contained: its text is what a pod gets as `python3 -c`.

Takes pairs on the command line (`--parameter NAME TYPE VALUE`, `--environment NAME TYPE VALUE`, `--artifact NAME PATH`,
`--output NAME PATH`, `--output-parameter NAME PATH`) after the packed notebook and the requirements. Parameters
arrive as text, artifacts as paths; output parameters leave as one text file each, as KFP's launcher wants them.
A secret may come as the environment variable of its name instead, and is in no cell of the executed notebook.
"""

import base64
import json
import os
import subprocess
import sys
import zlib
from importlib import metadata
from pathlib import Path

RUNNER = ["papermill", "ipykernel"]


def main(words: list) -> None:
    notebook, requirements = words[0], json.loads(words[1])
    install([*requirements, *RUNNER])
    given: dict = {"parameters": {}, "environment": {}, "values": {}}
    parse(words[2:], given)
    os.environ.update(given["environment"])
    run(json.loads(zlib.decompress(base64.b64decode(notebook))), given)


def install(requirements: list) -> None:
    """Installs what is absent; an image that has everything needs no network."""
    missing = []
    for requirement in requirements:
        name = requirement.split("==")[0].split("[")[0].strip()
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(requirement)
    if missing:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)


def parse(words: list, given: dict) -> None:
    words = list(words)
    while words:
        option, name = words.pop(0), words.pop(0)
        if option in ("--parameter", "--environment"):
            kind, text = words.pop(0), words.pop(0)
            if kind == "Secret":
                given["environment"][name] = text or os.environ.get(name, "")
                if option == "--parameter":
                    given.setdefault("secrets", []).append(name)
            elif option == "--parameter":
                given["parameters"][name] = value(kind, text)
            else:
                given["environment"][name] = "" if kind == "bool" and not value(kind, text) else text
        else:
            path = words.pop(0)
            if option.startswith("--output"):
                Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
            if option == "--output-parameter":
                given["values"][name] = path
            elif option.endswith("-environment"):
                given["environment"][name] = path
            else:
                given["parameters"][name] = path


def value(kind: str, text: str) -> object:
    if kind == "bool":
        return text.strip().lower() in ("true", "1", "yes", "on")
    if kind == "float":
        return float(text)
    if kind in ("int", "list", "dict"):
        return json.loads(text)
    return text


def run(notebook: dict, given: dict) -> None:
    import nbformat
    import papermill

    if given["values"]:
        lines = [f"import json as _json; _paths = _json.loads({json.dumps(json.dumps(given['values']))})"]
        lines += ["for _name, _path in _paths.items():"]
        lines += ["    _value = globals()[_name]; _value = _value.item() if hasattr(_value, 'item') else _value"]
        lines += ["    open(_path, 'w').write(_value if isinstance(_value, str) else _json.dumps(_value))"]
        notebook["cells"].append(nbformat.v4.new_code_cell("\n".join(lines)))
    set_again(notebook, given["parameters"], given.get("secrets", []))
    Path("notebook.ipynb").write_text(json.dumps(notebook))
    papermill.execute_notebook(
        "notebook.ipynb", "executed.ipynb", given["parameters"], kernel_name="python3", log_output=True
    )


def set_again(notebook: dict, parameters: dict, secrets: list) -> None:
    """papermill sets parameters behind the first cell with the tag; a further one would undo it."""
    import nbformat

    cells, seen = [], False
    text = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    hidden = "\n".join(f"{name} = __import__('os').environ[{name!r}]" for name in secrets)
    for cell in notebook["cells"]:
        cells.append(cell)
        if "parameters" in cell["metadata"].get("tags", []):
            cells += [nbformat.v4.new_code_cell(code) for code in (text if seen else "", hidden) if code]
            seen = True
    notebook["cells"] = cells


if __name__ == "__main__":
    main(sys.argv[1:])
