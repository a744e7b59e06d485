"""The document reads and writes without losing anything, and a broken one says where."""

from __future__ import annotations

import json

import pytest
from authoring import write_pipeline
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.pipeline.document import BadPipeline, parse_pipeline, read_pipeline
from claimed_jlab.pipeline.text import pipeline_text

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
SOURCES = st.one_of(
    st.builds(lambda value: {"value": value}, JSON),
    st.builds(lambda name: {"parameter": name}, NAMES),
    st.builds(lambda task, name: {"output": f"{task}.{name}"}, NAMES, NAMES),
    st.builds(lambda name: {"secret": name}, NAMES),
)
TASKS = st.fixed_dictionaries(
    {"component": NAMES, "inputs": st.dictionaries(NAMES, SOURCES, max_size=3)},
    optional={"when": st.just("n > 1"), "x_future": JSON, "timeout": st.just(5.0), "cache": st.booleans()},
)
DOCUMENTS = st.fixed_dictionaries(
    {"format": st.just("claimed-pipeline/1"), "name": st.text(), "tasks": st.dictionaries(NAMES, TASKS, max_size=4)},
    optional={"x_future": JSON, "description": st.text()},
)


@given(DOCUMENTS)
def test_writing_a_document_keeps_all_of_it_also_fields_of_the_future(document):
    text = pipeline_text(parse_pipeline(json.dumps(document)))
    assert json.loads(text) == {"layout": {}, **document}
    assert pipeline_text(parse_pipeline(text)) == text


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ('{\n "name": \n}', "line 3", "is not JSON"),
        ("[]", None, "JSON object"),
        ('{"format": "claimed-pipeline/1", "name": "x", "x": Infinity}', None, "Infinity is no number"),
        ('{"format": "claimed-pipeline/9", "name": "x"}', "format", "claimed-pipeline/9"),
        ('{"format": "claimed-pipeline/1"}', "name", "required"),
        (
            '{"format": "claimed-pipeline/1", "name": "x", "tasks": {"a": {"component": "c", "inputs": {"n": {}}}}}',
            "tasks.a.inputs.n",
            "exactly one of value, parameter, output, secret",
        ),
    ],
)
def test_a_broken_document_says_what_and_where(text, where, said):
    with pytest.raises(BadPipeline) as caught:
        parse_pipeline(text, where="x.pipeline")
    first = caught.value.diagnostics[0]
    assert first.where == where and said in first.message
    assert "\n" not in str(caught.value) and str(caught.value).startswith("x.pipeline")


def test_whole_positions_are_written_as_whole_numbers(tmp_path):
    path = write_pipeline(tmp_path / "x.pipeline", {"a": {"component": "c"}}, layout={"a": [1, 2.5]})
    assert json.loads(pipeline_text(read_pipeline(path)))["layout"] == {"a": [1, 2.5]}
    assert "1.0" not in pipeline_text(read_pipeline(path))


def test_an_input_has_one_source_only(tmp_path):
    path = write_pipeline(
        tmp_path / "x.pipeline", {"a": {"component": "c", "inputs": {"n": {"value": 1, "secret": "s"}}}}
    )
    with pytest.raises(BadPipeline, match="exactly one"):
        read_pipeline(path)
