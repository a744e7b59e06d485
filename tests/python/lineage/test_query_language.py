"""What the query language understands, and the one line that it says to a mistake."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimed_jlab.lineage import QueryError
from claimed_jlab.lineage.query.fields import FIELDS
from claimed_jlab.lineage.query.other_words import WORDS, for_nothing
from claimed_jlab.lineage.query.parser import DEEPEST, LONGEST, MOST_TERMS, parse
from claimed_jlab.lineage.query.syntax import And, Compare, Field, Id, Not, Or, Reach, Word, text_of
from claimed_jlab.lineage.query.times import moment

X, Y = Word("x"), Word("y")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  ", None),
        ("x y", And((X, Y))),
        ("x AND y", And((X, Y))),
        ("x or y x", Or((X, And((Y, X))))),
        ("not x y", And((Not(X), Y))),
        ("not (x or y)", Not(Or((X, Y)))),
        ("not not x", Not(Not(X))),
        ('"and"', Word("and")),
        ("android", Word("android")),
        ('"x \\"y\\" \\* (*"', Word('x "y" \\* (*')),
        ("name:*german*", Field("name", "*german*")),
        ('NAME:"x y"', Field("name", "x y")),
        ("type:Model", Field("type", "Model")),
        ("state:complete", Field("state", "COMPLETE")),
        ("name!=x", Not(Field("name", "x"))),
        ("accuracy>0.75", Compare("accuracy", ">", "0.75")),
        ("rows >= 1000 x", And((Compare("rows", ">=", "1000"), X))),
        ('"my metric"==1', Compare("my metric", "=", "1")),
        ('"name"=x', Compare("name", "=", "x")),
        ("artifact/12", Id("artifact", 12)),
        ('"artifact/12"', Word("artifact/12")),
        ("s3://bucket/x.csv", Field("uri", "s3://bucket/x.csv")),
        ("a***b", Word("a*b")),
        ("a+b", Word("a+b")),
        ("+x", Reach(X, None, 0)),
        ("x+", Reach(X, 0, None)),
        ("+x+", Reach(X, None, None)),
        ("x+2", Reach(X, 0, 2)),
        ("2+x", Reach(X, 2, 0)),
        ("1+x+3", Reach(X, 1, 3)),
        ("+(x y)+2", Reach(And((X, Y)), None, 2)),
        ('"x"+', Reach(X, 0, None)),
        ("artifact/3+", Reach(Id("artifact", 3), 0, None)),
        ("name:x+2", Reach(Field("name", "x"), 0, 2)),
        ("not +x", Not(Reach(X, None, 0))),
    ],
)
def test_a_query_is_read_as_the_grammar_says(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("x nmae:y", 3, "no field 'nmae' (did you mean name?)"),
        ("accuracy:1", 1, "as in accuracy=…"),
        ("name:", 6, "expected a value after name:"),
        ("name: x", 6, "expected a value after name:"),
        ("accuracy>", 10, "expected a value after >"),
        ("accuracy>high", 10, "expected a number after >, not 'high'"),
        ("accuracy>1e999", 10, "expected a number"),
        ("name>3", 1, "name can't be compared with > (write name:3)"),
        (">3", 1, "expected a property's name before the comparison"),
        ("(x y", 1, "the parenthesis that begins here is never closed"),
        ("x y)", 4, "no parenthesis that this one closes"),
        ("x ()", 4, "expected a term, not )"),
        ("x or", 5, "expected a term, but the query ends"),
        ("x and or y", 7, "expected a term, not 'or'"),
        ("not", 4, "expected a term"),
        ('x "y', 3, "the quote that begins here is never closed"),
        ('x"y"', 2, "expected a blank or the end here"),
        ("x\\", 2, "the backslash at the end hides nothing"),
        ("x y+0", 5, "expected steps from 1"),
        ("+ x", 1, "expected a term after one plus"),
        ("++x", 2, "expected a term after one plus"),
        ("state:COMPLET", 7, "'COMPLET' is no state (did you mean COMPLETE?)"),
        ("kind:thing", 6, "kind is artifact, execution, context"),
        ("changed:codes", 9, "did you mean code?"),
        ("after:tomorrow", 7, "expected a date (2026-01-31)"),
        ("after:2026-02-30", 7, "expected a date"),
        ("*a*b*c*d*e*f*g*h*", 1, "at most 8 wildcards"),
        ("x\0", 2, "a character that no text holds"),
        ("name:\udcff", 6, "a character that no text holds"),
        (" ".join("x" * (MOST_TERMS + 1)), 2 * MOST_TERMS + 1, "at most 100 terms"),
        ("(" * 200 + "x" + ")" * 200, None, f"at most {DEEPEST} deep"),
        ("not " * 200 + "x", None, f"at most {DEEPEST} deep"),
        ("x" * (LONGEST + 1), None, f"at most {LONGEST} characters"),
    ],
)
def test_a_mistake_is_one_line_with_its_column(text, column, said):
    with pytest.raises(QueryError) as caught:
        parse(text)

    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert column is None or caught.value.column == column
    assert caught.value.code == "bad-query"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("created>2026-01-01", "not '2026-01-01' (to ask when something was made, write after:2026-01-01)"),
        ("date<=2026-01-01T12:30", "write before:2026-01-01T12:30"),
        ("since>7d", "write after:7d"),
        ("age>7d", "write before:7d"),
        ("age<7d", "write after:7d"),
        (
            "after<2026-01-01",
            "after can't be compared with < (to ask when something was made, write before:2026-01-01)",
        ),
        ("created:2026-01-01", "no field 'created' (did you mean after:2026-01-01 or before:2026-01-01?)"),
        ("Date:someday", "did you mean after:2026-01-31 or before:2026-01-31?"),
        ("since:7d", "did you mean after?"),
        ("until:7d", "did you mean before?"),
        ("status:COMPLETE", "did you mean state?"),
        ("owner:ada", "did you mean user?"),
        ("Author:ada", "did you mean user?"),
        ("label:best", "did you mean tag?"),
        ("path:/data/*", "did you mean uri?"),
        ("sha256:3f2a", "did you mean digest?"),
        ("notebook:fit", "did you mean component?"),
        ("upstream:artifact/12", "write +artifact/12"),
        ("downstream:artifact/12", "write artifact/12+"),
        ("id:12", "write artifact/12"),
        ("id:execution/5", "write execution/5"),
        ("kind:Model", "kind is artifact, execution, context; did you mean type:Model?"),
        ("kind:artefact", "did you mean artifact?"),
        ("state:succeeded", "'succeeded' is no state (did you mean COMPLETE?)"),
        ("state:error", "did you mean FAILED?"),
        ("x && y", "expected a term, not '&&' (write 'and')"),
        ("x || y", "write 'or'"),
        ("-type:Model", "column 1: a minus takes nothing away (write not type:Model)"),
        ("pipeline:'German credit'", 'column 10: a text is in double quotes (write "German credit")'),
        ("x 'a b'", "column 3: a text is in double quotes"),
    ],
)
def test_a_word_that_others_have_for_a_field_is_answered_by_ours(text, said):
    with pytest.raises(QueryError) as caught:
        parse(text)

    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_words_that_others_have_for_fields_stay_free_for_properties_and_lead_to_fields():
    assert not set(WORDS) & set(FIELDS) and set(WORDS.values()) <= set(FIELDS)
    assert parse("status=1") == Compare("status", "=", "1")
    assert for_nothing(parse("x (owner=ada or not status!=done)")) == [
        "did you mean user:ada? owner is a property",
        "did you mean state:done? status is a property",
    ]
    assert for_nothing(parse("created>2026 accuracy=1 state:COMPLETE")) == [
        "to ask when something was made, write after: or before:; created is a property"
    ]
    assert for_nothing(parse("")) == []
    assert for_nothing(parse("type:Model,Dataset")) == [
        "a comma is part of the text; several are asked for by (type:Model or type:Dataset)"
    ]
    assert parse("it's") == Word("it's") and parse("-5") == Word("-5") and parse("-x:y") == Word("-x:y")


@given(st.text(alphabet=st.sampled_from('ab1 +()":\\*?<>=!/-.notrd\n\0é'), max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_understood_or_refused_in_one_line(text):
    try:
        tree = parse(text)
    except QueryError as error:
        assert "\n" not in str(error)
    else:
        assert tree is None or parse(text_of(tree)) == tree


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-01-31", datetime(2026, 1, 31)),
        ("2026-01-31T12:30", datetime(2026, 1, 31, 12, 30)),
        ("2026-01-31T12:30:15.5Z", datetime(2026, 1, 31, 12, 30, 15, 500_000, timezone.utc)),
        ("2026-01-31T12:30+0200", datetime(2026, 1, 31, 10, 30, tzinfo=timezone.utc)),
        ("7d", datetime(2026, 1, 1)),
        ("12h", datetime(2026, 1, 7, 12)),
        ("30m", datetime(2026, 1, 7, 23, 30)),
        ("1w", datetime(2026, 1, 1)),
        ("today", datetime(2026, 1, 8)),
        ("Yesterday", datetime(2026, 1, 7)),
    ],
)
def test_a_time_is_a_date_a_moment_or_how_long_ago(text, when):
    assert moment(text, datetime(2026, 1, 8)) == when.timestamp() * 1000


def test_every_term_that_the_docs_show_is_understood():
    text = (Path(__file__).parents[3] / "docs" / "lineage.md").read_text(encoding="utf-8")
    table = text.partition("| term | finds |")[2].partition("\n\n")[0]
    examples = text.partition("## Together")[2].partition("## Grammar")[0]
    shown = re.findall(r"`([^`]+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:]))
    shown += [re.split(r" {3,}", line.strip())[0] for line in examples.splitlines() if line.startswith("    ")]

    assert len(shown) > 30
    for query in shown:
        assert parse(query) is not None
    assert all(f"`{name}:" in table for name in FIELDS)
