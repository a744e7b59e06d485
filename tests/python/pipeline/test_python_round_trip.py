"""A document, as Python and back, is the same document."""

from __future__ import annotations

import ast

from hypothesis import HealthCheck, given, settings
from pipeline_documents import documents

from claimed_jlab.pipeline.document import pipeline_of
from claimed_jlab.pipeline.python.export import to_python
from claimed_jlab.pipeline.python.read import read_python
from claimed_jlab.pipeline.text import document_data


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(documents())
def test_a_document_as_python_and_back_is_the_same_document(document):
    model = pipeline_of(document)
    text, _ = to_python(model, {})
    ast.parse(text)
    assert read_python(text).document == document_data(model)
