"""Heads of tables, and pictures."""

from __future__ import annotations

import pytest

from claimed_jlab.run.preview import preview
from claimed_jlab.run.record import ArtifactValue


def shown(path, kind="Dataset"):
    return preview(ArtifactValue(type=kind, uri=path.as_uri(), name=path.name, size=path.stat().st_size))


def test_the_types_of_columns_stand_under_their_names(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("age,height,smokes,born,name\n30,1.8,true,1990-02-01,Ada\n,2,false,1991-02-01T10:00:00Z,Bob\n")
    page = shown(file).mimebundle["text/html"]
    kinds = "".join(f'<th scope="col">{kind}</th>' for kind in ("int", "float", "bool", "date", "text"))
    assert f"<tr>{kinds}</tr>" in page
    assert "<caption>2 rows, 5 columns</caption>" in page


def test_a_long_table_says_how_many_rows_there_are(tmp_path):
    file = tmp_path / "long.csv"
    file.write_text("n\n" + "".join(f"{n}\n" for n in range(1234)))
    found = shown(file)
    assert found.truncated
    assert "the first 100 of 1,234 rows, 1 column<" in found.mimebundle["text/html"]


def test_markup_in_a_table_is_text(tmp_path):
    file = tmp_path / "odd.tsv"
    file.write_text("<b>\tx\n<script>alert(1)</script>\t2\n")
    page = shown(file).mimebundle["text/html"]
    assert "<script>" not in page and "<b>" not in page


def test_semicolons_separate_columns_where_there_is_no_comma(tmp_path):
    file = tmp_path / "german.csv"
    file.write_text("\ufeffa;b\n1;2\n", encoding="utf-8")
    assert '<th scope="col">a</th><th scope="col">b</th>' in shown(file).mimebundle["text/html"]


@pytest.mark.parametrize("content", [b"", b'a,"' + b"x" * 3_000_000, b"\x00\xff" * 1000, b"a," * 500_000])
def test_an_odd_table_is_shown_or_explained(tmp_path, content):
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    assert len(shown(file).model_dump_json()) < 1_000_000


def test_a_parquet_table_has_the_types_of_its_schema(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    file = tmp_path / "data.parquet"
    parquet.write_table(arrow.table({"n": list(range(300)), "name": ["x"] * 300}), file)
    found = shown(file)
    assert found.truncated
    assert '<th scope="col">int64</th><th scope="col">string</th>' in found.mimebundle["text/html"]
    assert "the first 100 of 300 rows, 2 columns" in found.mimebundle["text/plain"]


def test_a_parquet_file_that_is_none_gives_one_line(tmp_path):
    file = tmp_path / "data.parquet"
    file.write_bytes(b"PAR1 nonsense")
    assert len(shown(file).mimebundle["text/plain"].splitlines()) == 1


def test_a_picture_has_a_line_on_its_size(tmp_path):
    file = tmp_path / "plot.webp"
    file.write_bytes(b"RIFF....WEBP")
    bundle = shown(file).mimebundle
    assert "image/webp" in bundle
    assert "WEBP image, 12 bytes" in bundle["text/html"]


def test_an_svg_is_shown_as_text(tmp_path):
    file = tmp_path / "plot.svg"
    file.write_text("<svg><script>alert(1)</script></svg>")
    assert set(shown(file).mimebundle) == {"text/plain"}
