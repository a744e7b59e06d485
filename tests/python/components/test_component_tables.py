"""Loading and splitting tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from component_runs import run

LOAD, SPLIT = "input/load-table", "transform/split-table"


def write(folder: Path, text: str, name: str = "given.txt") -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_file_without_header_gets_the_names_it_is_given(tmp_path: Path) -> None:
    source = write(tmp_path, "A1 3,5 x\nA2  4,5 y\n")
    done = run(
        LOAD, tmp_path, source=source, separator=r"\s+", has_header=False, column_names=["a", "b", "c"], decimal=","
    )
    table = pd.read_csv(done["folder"] / "table.csv")
    assert table.to_dict("list") == {"a": ["A1", "A2"], "b": [3.5, 4.5], "c": ["x", "y"]}
    assert (done["rows"], done["columns"]) == (2, ["a", "b", "c"])


def test_a_file_without_header_or_names_gets_numbered_columns(tmp_path: Path) -> None:
    done = run(LOAD, tmp_path, source=write(tmp_path, "1;2\n3;4\n"), separator=";", has_header=False)
    assert done["columns"] == ["column_1", "column_2"]


def test_names_replace_a_header_and_texts_stand_for_missing_values(tmp_path: Path) -> None:
    source = write(tmp_path, "x,y\n1,?\n2,3\n")
    done = run(LOAD, tmp_path, source=source, column_names=["a", "b"], missing=["?"])
    assert (done["folder"] / "table.csv").read_text() == "a,b\n1,\n2,3.0\n"


def test_codes_become_words_and_unknown_codes_stay(tmp_path: Path) -> None:
    source = write(tmp_path, "kind,size\n1,A\n2,B\n3,A\n")
    codes = write(tmp_path, "column,code,meaning\nkind,1,good\nkind,2,bad\n", "codes.csv")
    done = run(LOAD, tmp_path, source=source, codes=codes)
    assert (done["folder"] / "table.csv").read_text() == "kind,size\ngood,A\nbad,B\n3,A\n"


@pytest.mark.parametrize(
    ("text", "inputs", "message"),
    [
        ("a,b\n1,2\n", {"column_names": ["x"]}, "1 names, but the file has 2 columns"),
        ("a,a2\n1,2\n", {"column_names": ["x", "x"]}, "more than once: x"),
        ("a,b\n", {}, "no records"),
        ("a,b\n1,2\n3,4,5\n", {}, "line 3"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_reason(
    text: str, inputs: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        run(LOAD, tmp_path, source=write(tmp_path, text), **inputs)


def test_codes_of_a_column_that_is_not_there_are_refused_with_the_columns(tmp_path: Path) -> None:
    source = write(tmp_path, "kind\n1\n")
    with pytest.raises(ValueError, match="no column 'sort' to decode; columns are: kind"):
        run(LOAD, tmp_path, source=source, codes=write(tmp_path, "column,code,meaning\nsort,1,good\n", "c.csv"))
    with pytest.raises(ValueError, match="column, code, meaning"):
        run(LOAD, tmp_path, source=source, codes=write(tmp_path, "a,b\n1,2\n", "d.csv"))


def test_a_split_codes_label_and_groups_and_keeps_their_shares(tmp_path: Path) -> None:
    done = run(SPLIT, tmp_path)
    train, test = (pd.read_csv(done["folder"] / name) for name in ("train.csv", "test.csv"))
    original = pd.read_csv(done["folder"] / "sample" / "table.csv")
    assert len(train) + len(test) == len(original)
    assert (done["train_rows"], done["test_rows"]) == (140, 60)
    assert done["favorable_share"] == pytest.approx((original["risk"] == "good").mean())
    for part in (train, test):
        assert set(part["risk"]) == set(part["sex"]) == {0, 1}
        assert (part["age"] == (part["age_years"] > 25)).all()
        assert part["risk"].mean() == pytest.approx(done["favorable_share"], abs=0.02)
        assert part["sex"].mean() == pytest.approx((original["sex"] == "male").mean(), abs=0.02)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_rows(tmp_path: Path) -> None:
    texts = []
    for number, seed in enumerate((1, 1, 2)):
        (tmp_path / str(number)).mkdir()
        texts.append((run(SPLIT, tmp_path / str(number), seed=seed)["folder"] / "train.csv").read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_a_numeric_label_is_compared_as_a_number(tmp_path: Path) -> None:
    rows = "".join(f"{1 + (i % 2)}.0,{i}\n" for i in range(20))
    done = run(SPLIT, tmp_path, data=write(tmp_path, f"y,x\n{rows}"), label_column="y", favorable="1", protected={})
    assert done["favorable_share"] == 0.5


def test_privileged_values_are_compared_as_numbers_and_limits_go_both_ways(tmp_path: Path) -> None:
    rows = "".join(f"{i % 2},{i},{i % 3}\n" for i in range(40))
    protected = {
        "young": {"column": "x", "privileged_under": 10},
        "third": {"column": "z", "privileged": ["0", 2]},
    }
    data = write(tmp_path, f"y,x,z\n{rows}")
    done = run(SPLIT, tmp_path, data=data, label_column="y", favorable="1", protected=protected, test_size=0.5)
    table = pd.concat(pd.read_csv(done["folder"] / name) for name in ("train.csv", "test.csv"))
    assert (table["young"] == (table["x"] < 10)).all()
    assert (table["third"] == (table["z"] != 1)).all()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"label_column": "outcome"}, "no column 'outcome' in data for the label; columns are: account, .*risk"),
        ({"favorable": "great"}, "no row of 'risk' is 'great'; its values are: bad, good"),
        ({"protected": {"age": {"column": "born", "privileged_over": 25}}}, "no column 'born'.*'age'; columns are"),
        ({"protected": {"age": {"column": "age_years"}}}, "'age' must have 'column' and one of: privileged"),
        ({"protected": {"age": {"column": "age_years", "over": 3}}}, "'age' must have 'column' and one of"),
        ({"protected": {"age": {"column": "age_years", "privileged_over": 200}}}, "no row is privileged"),
        ({"protected": {"sex": {"column": "sex", "privileged": ["male", "female"]}}}, "every row is privileged"),
        ({"protected": {"amount": {"column": "sex", "privileged": ["male"]}}}, "overwrite a column"),
        ({"test_size": 1.5}, "test_size must be between 0 and 1, not 1.5"),
    ],
)
def test_a_wrong_split_is_refused_with_what_there_is(inputs: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        run(SPLIT, tmp_path, **inputs)


def test_a_label_with_gaps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'y' for the label has no value in 1 of 2 rows"):
        run(SPLIT, tmp_path, data=write(tmp_path, "y,x\na,1\n,2\n"), label_column="y", favorable="a", protected={})
