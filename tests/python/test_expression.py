"""Expressions are safe: what is not on the list is refused, and every comparison is a reason."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.expression import ExpressionError, evaluate, names

VALUES = {"accuracy": 0.75, "train.loss": 0.1, "kind": "a", "flag": False, "n": 3}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("accuracy > 0.7", True),
        ("accuracy > 0.7 and train.loss < 0.05", False),
        ("0.5 < accuracy <= 0.75", True),
        ("kind in ['a', 'b'] or flag", True),
        ("not flag", True),
        ("n * 2 + 1 == 7", True),
        ("-n < 0", True),
    ],
)
def test_it_answers(text, answer):
    assert evaluate(text, VALUES).value is answer


def test_every_comparison_is_a_reason_with_its_measured_value():
    verdict = evaluate("accuracy > 0.9 and train.loss < 0.2", VALUES)
    assert [(reason.text, reason.value, reason.holds) for reason in verdict.reasons] == [
        ("accuracy > 0.9", 0.75, False),
        ("train.loss < 0.2", 0.1, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('x')",
        "kind.__class__",
        "kind.upper()",
        "(1).real",
        "[n for n in 'a']",
        "kind[0]",
        "lambda: 1",
        "'a' * 10 ** 9",
        "n ** 9999",
        "f'{n}'",
        "n = 1",
        "",
        "a b",
        "n / 0 > 1",
        "kind > 1",
        "(n := 2)",
    ],
)
def test_what_is_not_on_the_list_is_refused(text):
    with pytest.raises(ExpressionError):
        evaluate(text, VALUES)


def test_an_unknown_name_says_which_are_known():
    with pytest.raises(ExpressionError, match="accuracy"):
        evaluate("acuracy > 1", VALUES)


def test_names_are_found_without_evaluating():
    assert names("accuracy > 0.7 and train.loss < n") == {"accuracy", "train.loss", "n"}


@given(st.text())
def test_no_text_does_anything_but_answer_or_refuse(text):
    with contextlib.suppress(ExpressionError):
        evaluate(text, VALUES)
