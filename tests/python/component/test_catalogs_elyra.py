"""Elyra's component catalogs are read where Elyra keeps them; those by URL are fetched when they are refreshed."""

from __future__ import annotations

import json

import pytest
from outside_places import KFP, Web

from claimed_jlab.component.catalog import default_catalog
from claimed_jlab.component.catalogs.errors import FetchFailed
from claimed_jlab.component.catalogs.operations import NotRemovable, add, refresh, remove


@pytest.fixture(autouse=True)
def jupyter(tmp_path, monkeypatch):
    """A Jupyter data folder of this test, and no other."""
    folder = tmp_path / "jupyter"
    (folder / "metadata" / "component-catalogs").mkdir(parents=True)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    monkeypatch.setenv("JUPYTER_PATH", "")
    return folder


@pytest.fixture
def web():
    server = Web()
    yield server
    server.stop()


def connector(folder, name, schema, paths, **metadata):
    """A catalog as Elyra's own dialog writes it."""
    content = {
        "display_name": name.title(),
        "metadata": {
            "description": "",
            "runtime_type": "KUBEFLOW_PIPELINES",
            "categories": ["Load data"],
            "paths": [str(path) for path in paths],
            **metadata,
        },
        "schema_name": schema,
    }
    path = folder / "metadata" / "component-catalogs" / f"{name}.json"
    path.write_text(json.dumps(content, indent=2))
    return path


def references(catalog, name):
    return [spec.reference for spec in catalog.components() if spec.catalog == name]


def test_files_and_folders_are_read_where_they_are(jupyter, tmp_path):
    (tmp_path / "kfp" / "deep").mkdir(parents=True)
    (tmp_path / "kfp" / "a.yaml").write_text(KFP)
    (tmp_path / "kfp" / "deep" / "b.yaml").write_text(KFP.replace("Filter", "Sieve"))
    connector(jupyter, "files", "local-file-catalog", ["a.yaml"], base_path=str(tmp_path / "kfp"))
    connector(jupyter, "flat", "local-directory-catalog", [tmp_path / "kfp"], categories=["Flat"])
    connector(jupyter, "all", "local-directory-catalog", [tmp_path / "kfp"], categories=["All"], include_subdirs=True)
    catalog = default_catalog()
    assert references(catalog, "files") == ["load-data/filter-text@0.1.0"]
    assert references(catalog, "flat") == ["flat/filter-text@0.1.0"]
    assert references(catalog, "all") == ["all/filter-text@0.1.0", "all/sieve-text@0.1.0"]
    view = catalog.catalog("files")
    assert (view.kind, view.outside, view.removable, view.problem) == ("elyra", False, False, None)
    with pytest.raises(NotRemovable):
        remove(view)


def test_urls_are_fetched_when_it_is_refreshed_and_never_before(jupyter, web):
    urls = [web.put("/a/component.yaml", KFP), web.put("/b/component.yaml", KFP.replace("Filter", "Sieve"))]
    connector(jupyter, "web", "url-catalog", urls)
    catalog = default_catalog()
    assert references(catalog, "web") == [] and "not fetched yet" in catalog.catalog("web").problem
    assert web.asked == []
    assert refresh(catalog.catalog("web")) is None
    assert references(catalog, "web") == ["load-data/filter-text@0.1.0", "load-data/sieve-text@0.1.0"]
    shown = catalog.listed(catalog.resolve("filter-text"))
    assert shown.origin == f"elyra web, {urls[0]}" and shown.outside and not shown.trusted
    web.stop()
    assert references(default_catalog(), "web") == references(catalog, "web")
    assert "can't be reached" in refresh(catalog.catalog("web"))
    assert len(references(catalog, "web")) == 2


def test_one_url_that_fails_hides_no_other_and_is_said(jupyter, web):
    urls = [web.put("/a.yaml", KFP), f"{web.url}/gone.yaml", "https://me:secret@host.example/x.yaml"]
    connector(jupyter, "web", "url-catalog", urls)
    catalog = default_catalog()
    problem = refresh(catalog.catalog("web"))
    assert references(catalog, "web") == ["load-data/filter-text@0.1.0"]
    assert problem.startswith("2 of 3 can't be fetched") and "404" in problem and "secret" not in problem


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema_name": "elyra-kfp-examples-catalog"}, "can't be read here"),
        ({"metadata": {"runtime_type": "APACHE_AIRFLOW", "paths": []}}, "APACHE_AIRFLOW"),
        ({"metadata": {"runtime_type": "KUBEFLOW_PIPELINES", "paths": ["/nowhere/x.yaml"]}}, "there is no /nowhere"),
        ({"metadata": {"paths": ["~nobody-here/x.yaml"]}}, "~nobody-here/x.yaml"),
        ({"metadata": {"paths": ["a\x00b.yaml"], "base_path": "~nobody-here"}}, "there is no "),
        ({"metadata": None, "schema_name": ["x"]}, "can't be read here"),
    ],
)
def test_a_catalog_that_can_not_be_read_is_told_and_hides_no_other(jupyter, change, said):
    path = connector(jupyter, "odd", "local-file-catalog", [])
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    (jupyter / "metadata" / "component-catalogs" / "broken.json").write_text("{")
    catalog = default_catalog()
    assert said in catalog.catalog("odd").problem and "can't be read" in catalog.catalog("broken").problem
    assert catalog.resolve("load-table")


def test_one_of_elyras_files_can_be_added_from_anywhere(tmp_path, web):
    (tmp_path / "e" / "metadata" / "component-catalogs").mkdir(parents=True)
    path = connector(tmp_path / "e", "team", "url-catalog", [web.put("/a.yaml", KFP)])
    add(str(path))
    catalog = default_catalog()
    assert references(catalog, "team") == ["load-data/filter-text@0.1.0"]
    remove(catalog.catalog("team"))
    assert references(catalog, "team") == []
    web.stop()
    with pytest.raises(FetchFailed):
        add(str(path))
