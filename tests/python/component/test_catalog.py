"""Components come from folders and installed packages; a pipeline names them by category, name and version."""

from __future__ import annotations

import json

import pytest
from authoring import code, write_notebook
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.component.catalog import Catalog, Source, UnknownComponent, default_catalog, version_key
from claimed_jlab.component.create import create_component


def component(folder, category, name, version="1.0.0", cell="n: int = 1", **metadata):
    return write_notebook(
        folder / category / name / f"{name}.ipynb", code(cell, "parameters"), version=version, **metadata
    )


@pytest.fixture
def catalog(tmp_path):
    component(tmp_path / "a", "train", "forest")
    component(tmp_path / "a", "input", "table")
    component(tmp_path / "b", "train", "forest", "1.10.0")
    component(tmp_path / "c", "train", "forest", "1.9.0")
    return Catalog(Source(name, tmp_path / name) for name in "abc")


def test_components_are_listed_by_category_and_name(catalog):
    assert [spec.reference for spec in catalog.components()][:2] == ["input/table@1.0.0", "train/forest@1.0.0"]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("train/forest@1.9.0", "train/forest@1.9.0"),
        ("train/forest", "train/forest@1.10.0"),
        ("forest", "train/forest@1.10.0"),
        ("table@1.0.0", "input/table@1.0.0"),
    ],
)
def test_a_reference_finds_its_component_and_the_newest_without_a_version(catalog, reference, found):
    assert catalog.resolve(reference).reference == found


@pytest.mark.parametrize(
    ("reference", "said"),
    [("train/forrest", "train/forest"), ("train/forest@2.0.0", "1.9.0, 1.10.0"), ("nothing-like-it", "component list")],
)
def test_an_unknown_component_or_version_says_what_is_there(catalog, reference, said):
    with pytest.raises(UnknownComponent) as caught:
        catalog.resolve(reference)
    assert said in str(caught.value)


def test_a_name_in_two_categories_must_be_told_apart(tmp_path):
    component(tmp_path, "train", "same")
    component(tmp_path, "metric", "same")
    with pytest.raises(UnknownComponent, match="several"):
        Catalog([Source("x", tmp_path)]).resolve("same")


def test_a_broken_component_hides_no_other_and_is_said(tmp_path):
    component(tmp_path, "train", "good")
    broken = component(tmp_path, "train", "broken")
    broken.write_text("{")
    catalog = Catalog([Source("x", tmp_path)])
    assert [spec.name for spec in catalog.components()] == ["good"]
    assert [item.code for item in catalog.diagnostics] == ["not-a-notebook"]


def test_a_changed_notebook_is_read_anew_although_component_yaml_is_older(tmp_path):
    notebook = component(tmp_path, "train", "one")
    create_component(notebook, tmp_path / "train")
    catalog = Catalog([Source("x", tmp_path)])
    assert [port.name for port in catalog.resolve("one").inputs] == ["n"]
    component(tmp_path, "train", "one", cell="m: int = 1")
    spec = catalog.resolve("one")
    assert [port.name for port in spec.inputs] == ["m"]
    assert "stale-component-file" in {item.code for item in spec.diagnostics}


def test_a_component_file_cannot_point_outside_its_folder(tmp_path):
    notebook = component(tmp_path, "train", "one")
    create_component(notebook, tmp_path / "train")
    described = tmp_path / "train" / "one" / "component.yaml"
    described.write_text(
        described.read_text().replace("claimed.notebook: one.ipynb", "claimed.notebook: ../../x.ipynb")
    )
    catalog = Catalog([Source("x", tmp_path)])
    assert catalog.components() == [] and "outside" in catalog.diagnostics[0].message


def test_missing_libraries_come_with_the_pip_line(tmp_path):
    component(tmp_path, "train", "needy", cell="import no_such_library_here\nn: int = 1")
    (listed,) = Catalog([Source("x", tmp_path)]).listing()
    assert listed.missing == ("no_such_library_here",)
    assert listed.install == "pip install no_such_library_here"


def test_a_library_that_is_installed_is_no_longer_missing(tmp_path, monkeypatch):
    component(tmp_path / "c", "train", "needy", cell="import brand_new_library\nn: int = 1")
    catalog = Catalog([Source("x", tmp_path / "c")])
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    assert json.loads(catalog.listing_json())[0]["missing"] == ["brand_new_library"]
    (site / "brand_new_library-1.0.dist-info").mkdir()
    (site / "brand_new_library-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: brand-new-library\nVersion: 1.0\n"
    )
    assert json.loads(catalog.listing_json())[0]["missing"] == []


def test_installed_packages_bring_components_by_their_entry_point():
    names = {spec.name for spec in default_catalog().components() if spec.catalog == "claimed_jlab"}
    assert {"load-table", "sklearn-classifier", "aif360-fairness"} <= names


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4), st.lists(st.integers(0, 99), min_size=1, max_size=4))
def test_versions_are_ordered_by_number(one, other):
    texts = [".".join(map(str, numbers)) for numbers in (one, other)]
    assert (version_key(texts[0]) < version_key(texts[1])) == (one < other)
