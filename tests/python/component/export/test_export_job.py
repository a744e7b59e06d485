"""The Kubernetes Job of a component: valid, without root, without a secret's value, and its command runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml
from authoring import code, write_notebook
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimed_jlab.component.export.arguments import NotebookTooLarge
from claimed_jlab.component.export.job import dns_name, job_document, job_yaml
from claimed_jlab.component.reader import read_component
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec

HOSTILE = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("$()AZ_\n\"'\\#:{}- ")), max_size=30
)
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def expanded(word, variables):
    """Kubernetes' own rule for `$(NAME)` in commands and arguments; `$$` is a `$`."""
    return re.sub(
        r"\$(?:(\$)|\(([^)]*)\)|\(|(.))?",
        lambda found: "$" if found[1] else (variables.get(found[2], found[0]) if found[2] is not None else found[0]),
        word,
        flags=re.DOTALL,
    )


def container_of(job):
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return container


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(
        tmp_path / "Scale It.ipynb",
        code(
            'data: "Input[Dataset]" = "in.txt"\nfactor: float = 2.0\nn: int\ntoken: "Secret"\n'
            'word: str = "$(CLAIMED_SECRET_token) $$ $HOME"\nscaled: "Output[Dataset]" = "out.txt"',
            "parameters",
        ),
        "number = float(open(data).read()) * factor * n\nopen(scaled, 'w').write(str(number))",
        code("said: str = word + '/' + str(len(token))", "outputs"),
    )


def test_the_pod_fits_the_restricted_security_standard(notebook):
    job = job_document(read_component(notebook))
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    assert LABEL.fullmatch(job["metadata"]["name"]) and job["spec"]["backoffLimit"] >= 0
    pod = job["spec"]["template"]["spec"]
    container = container_of(job)
    assert pod["restartPolicy"] == "Never"
    assert pod["securityContext"]["runAsNonRoot"] is True and pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert set(container["resources"]) == {"requests", "limits"}
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}


def test_kubernetes_own_client_knows_every_field(notebook):
    from kubernetes.client import ApiClient

    job = job_document(read_component(notebook))
    client = ApiClient()
    read = client.deserialize(SimpleNamespace(data=json.dumps(job)), "V1Job")
    assert client.sanitize_for_serialization(read) == job


def test_a_secret_and_a_value_without_default_are_named_by_reference(notebook):
    container = container_of(job_document(read_component(notebook)))
    sources = {item["name"]: item["valueFrom"] for item in container["env"] if "valueFrom" in item}
    assert sources == {
        "CLAIMED_SECRET_token": {"secretKeyRef": {"name": "scale-it-secrets", "key": "token"}},
        "CLAIMED_VALUE_n": {"configMapKeyRef": {"name": "scale-it-values", "key": "n"}},
    }
    place = container["args"].index("token")
    assert container["args"][place - 1 : place + 3] == ["--parameter", "token", "Secret", "$(CLAIMED_SECRET_token)"]


def test_a_secret_with_a_value_in_the_notebook_stays_out_of_the_manifest(tmp_path):
    notebook = write_notebook(tmp_path / "n.ipynb", "1")
    port = InputSpec(name="token", type="Secret", default="hunter2", optional=True)
    args = container_of(job_document(ComponentSpec(name="n", inputs=(port,), path=str(notebook))))["args"]
    assert not any("hunter2" in word for word in args)


@pytest.mark.slow
def test_the_command_of_the_pod_runs_and_a_default_cannot_read_a_secret(notebook, tmp_path):
    container = container_of(yaml.safe_load(job_yaml(read_component(notebook))))
    variables = {item["name"]: item["value"] for item in container["env"] if "value" in item}
    variables |= {"CLAIMED_SECRET_token": "hunter2", "CLAIMED_VALUE_n": "3"}
    (tmp_path / "data" / "inputs").mkdir(parents=True)
    (tmp_path / "data" / "inputs" / "data").write_text("7")
    for folder in ("work", "packages"):
        (tmp_path / folder).mkdir()
    words = [expanded(word, variables) for word in [*container["command"], *container["args"]]]
    words = [f"{tmp_path}{word}" if word.startswith("/data/") else word for word in words]
    given_variables = {
        key: f"{tmp_path}{value}" if value.startswith("/") else value for key, value in variables.items()
    }
    done = subprocess.run(
        [sys.executable, *words[1:]],
        cwd=tmp_path / "work",
        env={"PATH": os.environ["PATH"], **given_variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "outputs" / "scaled" / "out.txt").read_text() == "42.0"
    said = (tmp_path / "data" / "outputs" / "said" / "value.txt").read_text()
    assert said == "$(CLAIMED_SECRET_token) $$ $HOME/7"


@settings(deadline=None, max_examples=100)
@given(name=HOSTILE, text=HOSTILE)
@example(name="\x85", text="a\x85\u2028b")
def test_no_text_becomes_yaml_or_a_variable(tmp_path_factory, name, text):
    notebook = write_notebook(tmp_path_factory.mktemp("hostile") / "n.ipynb", "1")
    spec = ComponentSpec(
        name=name or "x",
        description=text,
        path=str(notebook),
        requirements=(text,),
        inputs=(
            InputSpec(name=name, type="str", default=text, optional=True, convention="environment"),
            InputSpec(name=f"{name}2", type="Secret"),
        ),
        outputs=(OutputSpec(name=name, type="Output[Model]", default=text),),
    )
    document = job_document(spec)
    assert yaml.safe_load(job_yaml(spec)) == document
    assert LABEL.fullmatch(document["metadata"]["name"])
    container = container_of(document)
    secrets = {item["name"]: "hunter2" for item in container["env"] if "valueFrom" in item}
    (variable,) = secrets
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable)
    words = [expanded(word, secrets) for word in [*container["command"], *container["args"]]]
    assert words.count("hunter2") == 1 and not any("hunter2" in word for word in words if word != "hunter2")
    if "\0" not in text:
        assert words[words.index(name) - 1 :][:4] == ["--environment", name, "str", text]


@given(st.text())
def test_any_name_becomes_a_dns_label(name):
    made = dns_name(name)
    assert LABEL.fullmatch(made) and LABEL.fullmatch(f"{made}-secrets")


def test_a_notebook_that_no_command_line_takes_is_refused_in_words(tmp_path):
    noise = os.urandom(1_500_000).hex()
    with pytest.raises(NotebookTooLarge, match="dockerfile"):
        job_yaml(read_component(write_notebook(tmp_path / "n.ipynb", f"x = '{noise}'")))
