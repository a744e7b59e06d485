"""Heads of tables, and pictures."""

from __future__ import annotations

import gzip

import pytest

from claimed_jlab.run.preview import preview
from claimed_jlab.run.previews.separated import Layout, layout_of
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.tables import is_table, profile


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


GERMAN = (
    "A11 6 A34 A43 1169 A65 67 1\n"
    "A12 48 A32 A43 5951 A61 22 2\n"
    "A14 12 A34 A46 2096 A61 49 1\n"
)  # fmt: skip
TABLES = {
    "commas": ("age,sex,age at death\n63,f,71\n58,m,\n", Layout(",")),
    "commas without names": ("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n", Layout(",", header=False)),
    "semicolons": ("a;b\n1,5;x\n2,5;y\n0,5;z\n1,1;q\n", Layout(";")),
    "tabs": ("id\tword\nx\tone two\n", Layout("\t")),
    "bars": ("id|born\n1|1980-02-01\n2|1981-02-03\n", Layout("|")),
    "blanks": (GERMAN, Layout(" ", header=False)),
    "blanks in rows": (" 1.0   2.0\n-3.5   1e-3\n 7.0  12.0\n", Layout(" ", header=False)),
    "words": ("city,land\nBern,CH\nUlm,DE\nGraz,AT\n", Layout(",")),
    "quoted": ('name,age\n"Lovelace, Ada",36\n"Hopper, Grace",85\n', Layout(",")),
    "comments before": ("##fileformat=VCFv4.2\n##source=x\n#CHROM\tPOS\n20\t14370\n", Layout("\t", skip=2)),
    "missing values": ("age,sex\n?,f\n33,m\nNA,f\n", Layout(",")),
    "windows lines": ("a,b\r\n1,2\r\n", Layout(",")),
}


@pytest.mark.parametrize("name", ["train", "train.data", "train.txt", "train.v2", "train.dat.gz"])
@pytest.mark.parametrize("kind", TABLES)
def test_a_dataset_that_is_a_table_beyond_doubt_is_shown_as_one(tmp_path, kind, name):
    text, layout = TABLES[kind]
    file = tmp_path / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    assert layout_of(file) == layout and is_table(file)
    assert shown(file).mimebundle["text/html"].startswith("<table>")
    # Of another type it is what it is called.
    assert "text/html" not in shown(file, "Artifact").mimebundle


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ada,\nyours, Bob\n",
        "Dear Ada, how are you?\nI am well, thank you.\nIt rains, alas.\nYours, Bob\n",
        "one two three\nfour five six\nseven eight nine\n",
        '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n',
        '{"a":1,"b":2}\n{"a":3,"b":4}\n{"a":3,"b":4}\n{"a":3,"b":4}\n',
        "INSERT INTO t VALUES (1,2,3);\nINSERT INTO t VALUES (4,5,6);\n",
        "f(1, 2)\ng(3, 4)\n",
        "a: 1\nb: 2\n",
        "1\n2\n3\n",
        "one line, alone",
        "",
        "\n\n\n",
        "\x00\x01,\x02\n1,2\n",
        "a,b\n1,2\n3\n",
        'a,"b\n1,2\n',
    ],
)
def test_a_text_that_may_be_none_stays_a_text(tmp_path, text):
    file = tmp_path / "train.txt"
    file.write_text(text)
    assert layout_of(file) is None and not is_table(file)
    assert set(shown(file).mimebundle) == {"text/plain"}


def test_a_log_and_a_program_are_no_tables_whatever_their_lines_look_like(tmp_path):
    for name in ("train.log", "train.py", "train.jsonl"):
        (tmp_path / name).write_text("a,b\n1,2\n3,4\n")
        assert layout_of(tmp_path / name) is None


def test_columns_without_names_get_numbers_and_types(tmp_path):
    file = tmp_path / "german.data"
    file.write_text(GERMAN * 50)
    page = shown(file).mimebundle["text/html"]
    assert '<th scope="col">1</th><th scope="col">2</th>' in page
    assert '<th scope="col">text</th><th scope="col">int</th>' in page
    assert "the first 100 of 150 rows, 8 columns" in page


def test_a_compressed_table_is_read_as_one_and_a_damaged_one_explained(tmp_path):
    file = tmp_path / "people.csv.gz"
    file.write_bytes(gzip.compress(b"n\n" + b"".join(b"%d\n" % n for n in range(1234))))
    assert "the first 100 of 1,234 rows, 1 column<" in shown(file).mimebundle["text/html"]
    file.write_bytes(file.read_bytes()[:60])
    assert len(shown(file).mimebundle["text/plain"].splitlines()) == 1
    file.write_bytes(b"no gzip")
    assert "can't be read" in shown(file).mimebundle["text/plain"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_umlauts_are_read_in_whatever_a_spreadsheet_wrote_them(tmp_path, encoding):
    for name in ("people.csv", "people"):
        file = tmp_path / name
        file.write_bytes("Größe;Straße\n1,8;Weg\n".replace(",", ".").encode(encoding))
        assert '<th scope="col">Größe</th><th scope="col">Straße</th>' in shown(file).mimebundle["text/html"]


def test_tables_of_any_layout_are_compared_by_their_columns(tmp_path):
    pytest.importorskip("pandas")
    file = tmp_path / "german.data"
    file.write_text(GERMAN)
    found = profile(file)
    assert found.rows == 3 and found.columns["2"]["max"] == 48
    named = tmp_path / "people.csv"
    named.write_text("age;name\n30;Ada\n40;Bob\n")
    assert profile(named).columns["age"]["mean"] == 35
    packed = tmp_path / "x.gz"
    packed.write_bytes(gzip.compress(b"##made\na\tb\n1\t2\n"))
    assert list(profile(packed).types) == ["a", "b"]
