"""The Dockerfile of a component: only the instructions we mean, no root, and its command really runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from authoring import code, markdown, write_notebook
from hypothesis import given, settings
from hypothesis import strategies as st

from claimed_jlab.component.export.dockerfile import build_context, dockerfile
from claimed_jlab.component.export.formats import FolderExists, export_folder
from claimed_jlab.component.reader import read_component
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec

HOSTILE = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\n\r\\\"'$#{}()[]`|;&\u2028 ")), max_size=30
)
KNOWN = ["FROM", "ENV", "COPY", "RUN", "LABEL", "USER", "WORKDIR", "ENTRYPOINT", "CMD"]


def instructions(text):
    """A Dockerfile as (instruction, rest) pairs, strictly: no line goes on, no parser directive, nothing unknown."""
    found = []
    for line in text.split("\n"):
        if not line or line.startswith("# "):
            assert not re.match(r"#\s*(syntax|escape|check)\s*=", line), line
            continue
        assert line.isprintable() and not line.endswith("\\"), line
        word, rest = line.split(" ", 1)
        assert word in KNOWN, line
        found.append((word, rest))
    return found


def only(text, word):
    (rest,) = [rest for name, rest in instructions(text) if name == word]
    return rest


def label(rest):
    """The text of `key="text"`, read as Docker does; no variable may be in it."""
    quoted = re.fullmatch(r'org\.opencontainers\.image\.[a-z]+="((?:[^"\\$]|\\.)*)"', rest)
    assert quoted, rest
    return re.sub(r"\\(.)", r"\1", quoted[1])


@pytest.fixture
def notebook(tmp_path):
    folder = tmp_path / "with a space"
    folder.mkdir()
    (folder / "shouting.py").write_text("def loud(text):\n    return text.upper()\n")
    return write_notebook(
        folder / 'it\'s "scaled"; $HOME.ipynb',
        markdown("# Scale\n\nMultiplies what is in a file."),
        code(
            'data: "Input[Dataset]" = "in.txt"\nfactor: float = 2.0\nshout: bool = False\n'
            'word: str = "$(touch x)\\n\\"#\'"\nscaled: "Output[Dataset]" = "out.txt"',
            "parameters",
        ),
        "import os\nimport shouting\nsuffix = os.environ.get('suffix', '!')",
        "number = float(open(data).read()) * factor\nopen(scaled, 'w').write(str(number))",
        code("result: float = number\nsaid: str = (shouting.loud(word) if shout else word) + suffix", "outputs"),
    )


@pytest.mark.slow
def test_the_command_of_the_image_runs_the_notebook_and_writes_its_outputs(notebook, tmp_path):
    image = image_of(notebook, tmp_path)
    (image / "work" / "data.txt").write_text("21")
    run_image(image, ["--artifact", "data", str(image / "work" / "data.txt"), "--parameter", "shout", "bool", "true"])
    written = {str(path.relative_to(image / "outputs")): path.read_text() for path in (image / "outputs").rglob("*.*")}
    assert written == {
        "scaled/out.txt": "42.0",
        "result/value.txt": "42.0",
        "said/value.txt": "$(TOUCH X)\n\"#'!",
    }


@pytest.mark.slow
def test_the_defaults_in_the_image_are_those_of_the_notebook(notebook, tmp_path):
    image = image_of(notebook, tmp_path)
    (image / "work" / "in.txt").write_text("1")
    run_image(image, json.loads(only((image / "context" / "Dockerfile").read_text(), "CMD")))
    assert (image / "outputs" / "said" / "value.txt").read_text() == "$(touch x)\n\"#'!"
    assert (image / "outputs" / "result" / "value.txt").read_text() == "2.0"


def image_of(notebook, tmp_path):
    """What building does, without Docker: the Dockerfile's COPY and its folders, under a root of our own."""
    root = tmp_path / "image"
    export_folder(read_component(notebook), "dockerfile", root / "context")
    for word, rest in instructions((root / "context" / "Dockerfile").read_text()):
        if word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                there = root / target.lstrip("/") / (source if target.endswith("/") and source != "modules" else "")
                there.parent.mkdir(parents=True, exist_ok=True)
                here = root / "context" / source
                shutil.copytree(here, there) if here.is_dir() else shutil.copy(here, there)
    for folder in ("work", "outputs"):
        (root / folder).mkdir()
    return root


def run_image(image, words):
    text = (image / "context" / "Dockerfile").read_text()
    entry = [
        re.sub(r"^/(opt|outputs)/", lambda found: f"{image}/{found[1]}/", word)
        for word in json.loads(only(text, "ENTRYPOINT"))
    ]
    settings = dict(pair.split("=", 1) for pair in only(text, "ENV").split())
    settings = {key: value if value.isdigit() else f"{image}{value}" for key, value in settings.items()}
    done = subprocess.run(
        [sys.executable, *entry[1:], *words],
        cwd=f"{image}{only(text, 'WORKDIR')}",
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_the_image_runs_as_any_user_of_group_0_and_has_no_folder_for_everybody(notebook):
    text = dockerfile(read_component(notebook))
    assert re.fullmatch(r"[1-9]\d*:0", only(text, "USER"))
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", only(text, "FROM"))
    commands = [json.loads(rest) for word, rest in instructions(text) if word == "RUN"]
    modes = [words[words.index("-m") + 1] for words in commands if words[0] == "install"]
    assert modes and all(int(mode, 8) & 0o007 == 0 for mode in modes)


def test_requirements_are_installed_before_the_notebook_is_copied(notebook):
    lines = dockerfile(read_component(notebook)).splitlines()
    install = next(place for place, line in enumerate(lines) if "pip" in line)
    assert "requirements.txt" in lines[install - 1]
    assert install < next(place for place, line in enumerate(lines) if "notebook.ipynb" in line)


def test_the_context_has_what_the_dockerfile_copies_and_nothing_else_reaches_the_image(notebook):
    context = build_context(read_component(notebook))
    assert list(context) == [
        "Dockerfile",
        ".dockerignore",
        "requirements.txt",
        "step.py",
        "notebook.ipynb",
        "modules/shouting.py",
    ]
    ignored, *kept = context[".dockerignore"].split()
    assert ignored == "*" and all(line.startswith("!") for line in kept)
    pins = [line for line in context["requirements.txt"].splitlines() if not line.startswith("#")]
    assert all("==" in line for line in pins) and {"nbclient", "ipykernel"} <= {pin.split("==")[0] for pin in pins}


@settings(deadline=None, max_examples=200)
@given(name=HOSTILE, text=HOSTILE, module=st.booleans())
def test_no_name_description_or_default_becomes_an_instruction(name, text, module):
    spec = ComponentSpec(
        name=name or "x",
        title=text,
        description=text,
        version=name or "1",
        license=text,
        inputs=(
            InputSpec(name=name, type="str", default=text, optional=True, convention="environment"),
            InputSpec(name=f"{name}2", type="list", default=[text], optional=True),
        ),
        outputs=(OutputSpec(name=name, type="Output[Model]", default=text), OutputSpec(name=f"{name}2", type="str")),
    )
    written = dockerfile(spec, modules=module)
    expected = ["FROM", "ENV", "COPY", "RUN", "RUN", "COPY", *["COPY"] * module]
    words = [word for word, _ in instructions(written) if word != "LABEL"]
    assert words == [*expected, "USER", "WORKDIR", "ENTRYPOINT", "CMD"]
    flat = "".join(letter if letter.isprintable() else " " for letter in text)
    labels = [label(rest) for word, rest in instructions(written) if word == "LABEL"]
    assert labels.count(flat) >= (2 if text else 0)
    defaults = json.loads(only(written, "CMD"))
    assert defaults[:4] == (["--environment", name, "str", text] if "\0" not in text else defaults[:4])
    entry = json.loads(only(written, "ENTRYPOINT"))
    assert entry[5] == name and re.fullmatch(r"/outputs/\w+/[A-Za-z0-9._-]+", entry[6])


def test_an_export_never_overwrites_and_leaves_nothing_half_made(notebook, tmp_path):
    spec = read_component(notebook)
    there = tmp_path / "there"
    there.mkdir()
    (there / "mine.txt").write_text("mine")
    with pytest.raises(FolderExists):
        export_folder(spec, "dockerfile", there)
    assert [path.name for path in there.iterdir()] == ["mine.txt"]
    assert not list(tmp_path.glob(".export-*"))


def test_the_files_are_readable_by_another_user_whatever_the_umask(notebook, tmp_path):
    before = os.umask(0o077)
    try:
        export_folder(read_component(notebook), "dockerfile", tmp_path / "context")
    finally:
        os.umask(before)
    for path in (tmp_path / "context", *(tmp_path / "context").rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


def test_what_stands_before_paths_is_empty_whatever_the_arguments_are():
    prefix = InputSpec(name="data_dir", type="str", default="../data/", optional=True, prefix=True)
    spec = ComponentSpec(name="x", inputs=(prefix,), outputs=(OutputSpec(name="table", type="Output[Dataset]"),))
    written = dockerfile(spec)
    assert json.loads(only(written, "ENTRYPOINT"))[-4:] == ["--parameter", "data_dir", "str", ""]
    assert json.loads(only(written, "CMD")) == []


def test_a_module_in_another_encoding_is_copied_as_it_is(notebook, tmp_path):
    module = "# -*- coding: latin-1 -*-\nword = 'é'\n".encode("latin-1")
    (notebook.parent / "accents.py").write_bytes(module)
    export_folder(read_component(notebook), "dockerfile", tmp_path / "context")
    assert (tmp_path / "context" / "modules" / "accents.py").read_bytes() == module
