"""Types are read from annotations, and know which values and which other types they take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.component.types import ARTIFACTS, UnknownType, parse_type

PLAIN = ["str", "int", "float", "bool", "list", "dict", "Secret"]


@given(st.sampled_from(PLAIN + [f"{way}[{name}]" for way in ("Input", "Output") for name in ARTIFACTS]))
def test_a_type_reads_back_as_it_is_written(text):
    assert str(parse_type(text)) == text


@given(st.lists(st.one_of(st.text(), st.integers(), st.booleans()), min_size=1))
def test_a_literal_keeps_its_choices_whatever_they_hold(choices):
    kind = parse_type(f"Literal[{', '.join(map(repr, choices))}]")
    assert list(kind.choices) == choices and parse_type(str(kind)) == kind
    assert all(kind.accepts(choice) for choice in choices)


@pytest.mark.parametrize(
    ("text", "shown", "optional"),
    [
        ("Optional[int]", "int", True),
        ("int | None", "int", True),
        ("typing.Optional[typing.List[str]]", "list", True),
        ("Input['Dataset']", "Input[Dataset]", False),
        ("dsl.Output[dsl.Model]", "Output[Model]", False),
        ("dict[str, list[int]]", "dict", False),
    ],
)
def test_other_spellings_are_understood(text, shown, optional):
    kind = parse_type(text)
    assert (str(kind), kind.optional) == (shown, optional)


@pytest.mark.parametrize("text", ["Frame", "int | str", "Input[Frame]", "Literal[x]", "1 +", "", "Input"])
def test_what_is_no_type_is_refused_with_what_would_be(text):
    with pytest.raises(UnknownType) as caught:
        parse_type(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("target", "source", "fits"),
    [
        ("Input[Dataset]", "Output[Dataset]", True),
        ("Input[Artifact]", "Output[Model]", True),
        ("Input[Dataset]", "Output[Model]", False),
        ("Input[Dataset]", "str", False),
        ("float", "int", True),
        ("int", "float", False),
        ("str", "Literal['a']", True),
        ("Literal['a', 'b']", "Literal['a']", True),
        ("Literal['a']", "Literal['b']", False),
        ("Secret", "str", True),
    ],
)
def test_wires_fit_by_type(target, source, fits):
    assert parse_type(target).reads(parse_type(source)) is fits


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("int", [1, -1], [True, 1.5, "1", None]),
        ("float", [1, 1.5], [True, "1.5"]),
        ("bool", [True, False], [0, "False"]),
        ("str", [""], [1]),
        ("list", [[]], ["[]", {}]),
        ("Optional[int]", [None, 3], ["x"]),
    ],
)
def test_values_fit_by_type(text, good, bad):
    kind = parse_type(text)
    assert all(kind.accepts(value) for value in good)
    assert not any(kind.accepts(value) for value in bad)
