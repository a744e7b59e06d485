"""Catalogs from git, archives and single files: fetched once, by digest, and usable without a network."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outside_places import KFP, Web, commit, git, greeter, tar_of, zip_of

from claimed_jlab.component.catalog import default_catalog
from claimed_jlab.component.catalogs import archive, operations, registry
from claimed_jlab.component.catalogs import git as git_room
from claimed_jlab.component.catalogs.errors import CatalogExists, FetchFailed, NotKfp
from claimed_jlab.component.catalogs.operations import NotRemovable, add, refresh, remove
from claimed_jlab.component.catalogs.store import store
from claimed_jlab.errors import ClaimedError


@pytest.fixture
def web():
    server = Web()
    yield server
    server.stop()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "strangers"
    greeter(folder)
    commit(folder)
    return folder


def mine(catalog, name):
    return [spec for spec in catalog.components() if spec.catalog == name]


def kept():
    return sorted(path.name for path in store().iterdir())


def test_a_git_repository_is_a_catalog_that_says_who_and_where_from(repository):
    head = git(repository, "rev-parse", "HEAD")
    entry = add(repository.as_uri())
    catalog = default_catalog()
    (spec,) = mine(catalog, "strangers")
    shown = catalog.listed(spec)
    assert entry.digest == f"git:{head}" and entry.fetched
    assert shown.reference == "test/greet@1.0.0" and shown.author == "A. Stranger"
    assert shown.origin == f"git {repository.as_uri()}@{head[:7]}"
    assert shown.outside and not shown.trusted
    view = catalog.catalog("strangers")
    assert (view.kind, view.components, view.removable, view.outside) == ("git", 1, True, True)


@pytest.mark.parametrize("ref", ["old", "v1", "commit"])
def test_a_branch_a_tag_or_a_commit_can_be_asked_for(repository, ref):
    first = git(repository, "rev-parse", "HEAD")
    git(repository, "branch", "old")
    git(repository, "tag", "-a", "v1", "-m", "one")
    git(repository, "config", "uploadpack.allowReachableSHA1InWant", "true")
    greeter(repository, version="2.0.0")
    commit(repository)
    add(repository.as_uri(), ref=first if ref == "commit" else ref)
    assert [spec.version for spec in mine(default_catalog(), "strangers")] == ["1.0.0"]


def test_what_was_fetched_is_used_without_a_network_until_it_is_refreshed(repository, tmp_path):
    add(repository.as_uri())
    catalog = default_catalog()
    greeter(repository, version="2.0.0")
    commit(repository)
    assert [spec.version for spec in mine(catalog, "strangers")] == ["1.0.0"]
    assert refresh(catalog.catalog("strangers")) is None
    assert [spec.version for spec in mine(catalog, "strangers")] == ["2.0.0"]
    repository.rename(tmp_path / "gone")
    problem = refresh(catalog.catalog("strangers"))
    assert "what was fetched before is still used" in problem and "\n" not in problem
    assert [spec.version for spec in mine(catalog, "strangers")] == ["2.0.0"]
    assert catalog.catalog("strangers").problem == problem
    assert "catalog-problem" in {item.code for item in catalog.diagnostics}
    (tmp_path / "gone").rename(repository)
    assert refresh(catalog.catalog("strangers")) is None and catalog.catalog("strangers").problem is None


def test_no_hook_filter_or_submodule_of_a_repository_runs(repository, tmp_path):
    ran = tmp_path / "ran"
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    (repository / ".gitattributes").write_text("*.ipynb filter=evil\n")
    git(repository, "config", "filter.evil.smudge", f"touch {ran}; cat")
    other = tmp_path / "other"
    greeter(other, "hidden")
    commit(other)
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.as_uri(), "sub")
    commit(repository)
    add(repository.as_uri())
    assert not ran.exists()
    assert [spec.name for spec in mine(default_catalog(), "strangers")] == ["greet"]


def test_a_link_that_leads_out_of_a_repository_is_refused(repository, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    (repository / "leak").mkdir()
    (repository / "leak" / "leak.ipynb").symlink_to(secret)
    commit(repository)
    with pytest.raises(ClaimedError, match="leads out of it"):
        add(repository.as_uri())
    assert registry.registry().catalogs == () and kept() == []


@pytest.mark.parametrize(
    ("place", "ref", "said"),
    [
        ("nothing", None, "git can't fetch it"),
        ("strangers", "no-such-branch", "is there a branch, tag or whole commit"),
    ],
)
def test_what_git_can_not_fetch_is_one_line(repository, tmp_path, place, ref, said):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(FetchFailed) as caught:
        add((tmp_path / place).as_uri(), ref=ref)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert registry.registry().catalogs == ()


def test_a_git_that_hangs_is_ended(repository, tmp_path, monkeypatch):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nsleep 30 & sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
    monkeypatch.setattr(git_room, "SECONDS", 0.3)
    with pytest.raises(FetchFailed, match="took more than"):
        add(repository.as_uri())


def test_without_git_the_line_says_to_install_it(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchFailed, match="install git"):
        add(repository.as_uri())


@pytest.mark.parametrize("mode", ["gz", "bz2", "xz"])
def test_an_archive_by_url_is_fetched_once_and_used_when_the_server_is_gone(tmp_path, web, mode):
    greeter(tmp_path / "radiology")
    packed = tar_of(tmp_path / "radiology", wrapped="radiology-main", mode=f"w:{mode}")
    entry = add(web.put(f"/radiology.tar.{mode}", packed))
    assert entry.digest == f"sha256:{hashlib.sha256(packed).hexdigest()}"
    web.stop()
    catalog = default_catalog()
    (spec,) = mine(catalog, "radiology")
    assert catalog.listed(spec).origin == f"archive {entry.location} {entry.digest[:19]}"
    assert web.asked == [f"/radiology.tar.{mode}"]


def test_an_unchanged_archive_keeps_its_components_and_a_new_one_replaces_them(tmp_path, web):
    greeter(tmp_path / "a")
    url = web.put("/x.tgz", tar_of(tmp_path / "a"))
    add(url)
    catalog = default_catalog()
    before = catalog.catalog("x").digest
    refresh(catalog.catalog("x"))
    assert catalog.catalog("x").digest == before
    greeter(tmp_path / "a", version="1.1.0")
    web.put("/x.tgz", tar_of(tmp_path / "a"))
    refresh(catalog.catalog("x"))
    assert catalog.catalog("x").digest != before
    assert [spec.version for spec in mine(catalog, "x")] == ["1.1.0"]


def test_a_zip_by_path_is_from_outside_too(tmp_path):
    notebook = greeter(tmp_path / "a")
    packed = tmp_path / "kit.zip"
    packed.write_bytes(zip_of({"kit-1.0/greet/greet.ipynb": notebook.read_bytes()}))
    add(str(packed))
    packed.unlink()
    (spec,) = mine(default_catalog(), "kit")
    assert default_catalog().listed(spec).outside


def test_a_component_at_the_top_of_what_was_fetched_is_filed_under_the_catalogs_name(tmp_path):
    folder = tmp_path / "strangers"
    greeter(folder, category="")
    commit(folder)
    add(folder.as_uri())
    catalog = default_catalog()
    assert [spec.reference for spec in mine(catalog, "strangers")] == ["strangers/greet@1.0.0"]


def test_a_digest_that_was_asked_for_must_match(tmp_path, web):
    greeter(tmp_path / "a")
    packed = tar_of(tmp_path / "a")
    url = web.put("/x.tgz", packed)
    with pytest.raises(FetchFailed, match="nothing of it was kept"):
        add(f"{url}#sha256={'0' * 64}")
    assert kept() == []
    add(f"{url}#sha256={hashlib.sha256(packed).hexdigest()}")


@pytest.mark.parametrize(
    ("status", "said"), [(404, "answers 404"), (500, "answers 500"), (401, r"answers 401.*download it yourself")]
)
def test_a_servers_refusal_is_one_line(web, status, said):
    url = web.put("/x.zip", b"no")
    web.status["/x.zip"] = status
    with pytest.raises(FetchFailed, match=said):
        add(url)


def test_a_server_that_is_not_there_is_one_line(web):
    url = web.put("/x.zip", b"")
    web.stop()
    with pytest.raises(FetchFailed, match="can't be reached"):
        add(url)


def test_a_redirect_to_a_file_of_this_machine_is_not_followed(web):
    url = f"{web.url}/x.zip"
    web.redirects["/x.zip"] = "file:///etc/passwd"
    with pytest.raises(FetchFailed):
        add(url)


def test_what_is_too_large_is_refused(web, monkeypatch):
    monkeypatch.setattr("claimed_jlab.component.catalogs.fetching.LARGEST_ARCHIVE", 1024**2)
    with pytest.raises(FetchFailed, match="larger than 1 MB"):
        add(web.put("/x.zip", bytes(1024**2 + 1)))


def member(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


HOSTILE = [
    member("/etc/evil"),
    member("../evil"),
    member("a/../../evil"),
    member("..\\evil"),
    member("C:/evil"),
    member("link", tarfile.SYMTYPE, "/etc/passwd"),
    member("link", tarfile.SYMTYPE, "../../etc/passwd"),
    member("a/b/link", tarfile.SYMTYPE, "../../../x"),
    member("hard", tarfile.LNKTYPE, "../../etc/passwd"),
    member("device", tarfile.CHRTYPE),
    member("pipe", tarfile.FIFOTYPE),
    member("/".join(["d"] * 60)),
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda info: f"{info.name[:20]}->{info.linkname}")
def test_a_hostile_archive_is_refused_and_leaves_nothing_behind(tmp_path, web, hostile):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as content:
        content.addfile(hostile)
    with pytest.raises(ClaimedError) as caught:
        add(web.put("/x.tgz", packed.getvalue()))
    assert caught.value.code == "bad-archive" and "\n" not in str(caught.value)
    assert not (tmp_path / "evil").exists() and kept() == []


PARTS = st.sampled_from(["..", ".", "a", "b", "", "/", "C:", "\\", "~", "a\x00b", "é", "x" * 300, "\n"]) | st.text(
    max_size=5
)


@given(st.lists(st.lists(PARTS, max_size=5).map("/".join), min_size=1, max_size=4), st.booleans())
def test_whatever_members_are_called_nothing_is_written_beside_the_archive(tmp_path_factory, names, zipped):
    folder = tmp_path_factory.mktemp("hostile")
    packed, target = folder / "packed", folder / "in" / "deep" / "target"
    target.mkdir(parents=True)
    try:
        if zipped:
            packed.write_bytes(zip_of(dict.fromkeys(names, b"x")))
        else:
            with tarfile.open(packed, "w") as content:
                for number, name in enumerate(names):
                    info = member(name, *((tarfile.SYMTYPE, names[number - 1]) if number else ()))
                    content.addfile(info, io.BytesIO(b""))
    except (ValueError, OSError, IndexError):
        return  # no archive can hold such a name
    try:
        archive.unpack(packed, target, "it")
    except archive.BadArchive as error:
        assert "\n" not in str(error)
    written = {path for path in folder.rglob("*") if path.is_file() or path.is_symlink()} - {packed}
    assert all(target in path.parents and not path.is_symlink() for path in written)


@pytest.mark.parametrize("form", ["zip", "w", "w:gz", "w:bz2", "w:xz"])
@given(
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 99),
)
def test_a_damaged_archive_is_one_line_or_what_is_left_of_it(tmp_path_factory, form, changes, cut):
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "a").mkdir()
    (folder / "a" / "long-é.txt").write_text("content " * 40)
    whole = zip_of({"a/b.txt": b"content " * 40}) if form == "zip" else tar_of(folder / "a", mode=form)
    damaged = bytearray(whole)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    packed, target = folder / "packed", folder / "target"
    packed.write_bytes(damaged[: len(damaged) - cut])
    target.mkdir()
    try:
        archive.unpack(packed, target, "it")
    except archive.BadArchive as error:
        assert "\n" not in str(error)


def test_a_folder_that_becomes_a_link_first_does_not_lead_out(tmp_path, web):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as content:
        content.addfile(member("here", tarfile.SYMTYPE, "."))
        content.addfile(member("up", tarfile.SYMTYPE, "here/.."))
        inner = member("up/evil")
        inner.size = 1
        content.addfile(inner, io.BytesIO(b"x"))
    add(web.put("/x.tar", packed.getvalue()))
    assert not [path for path in store().rglob("*") if path.is_symlink()]
    assert not list(tmp_path.glob("**/evil")) or all(store() in path.parents for path in tmp_path.glob("**/evil"))


def test_links_inside_an_archive_become_copies(tmp_path, web):
    greeter(tmp_path / "a")
    (tmp_path / "a" / "greet" / "shared.py").symlink_to("../lib/shared.py")
    (tmp_path / "a" / "lib").mkdir()
    (tmp_path / "a" / "lib" / "shared.py").write_text("x = 1\n")
    add(web.put("/x.tgz", tar_of(tmp_path / "a")))
    (copy,) = store().glob("*/greet/shared.py")
    assert copy.read_text() == "x = 1\n" and not copy.is_symlink()


def test_an_archive_that_unpacks_to_too_much_is_refused(web, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1024**2)
    with pytest.raises(ClaimedError, match="unpacks to more than 1 MB"):
        add(web.put("/x.zip", zip_of({f"{number}.bin": bytes(600_000) for number in range(2)})))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    with pytest.raises(ClaimedError, match="more than 3 members"):
        add(web.put("/y.zip", zip_of({str(number): b"" for number in range(4)})))


def test_a_header_that_claims_gigabytes_takes_no_memory(web):
    header = member("pax", tarfile.XHDTYPE)
    header.size = 8 * 1024**3
    with pytest.raises(ClaimedError, match="is no archive"):
        add(web.put("/x.tar", header.tobuf() + bytes(4096)))


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04half", b"\x1f\x8b\x08broken"])
def test_what_is_no_archive_is_one_line(web, content):
    with pytest.raises(ClaimedError) as caught:
        add(web.put("/x.zip", content))
    assert caught.value.code == "bad-archive" and "\n" not in str(caught.value)


def test_compiled_code_of_others_is_left_out(web, tmp_path):
    notebook = greeter(tmp_path / "a")
    files = {"k/greet/greet.ipynb": notebook.read_bytes(), "k/greet/__pycache__/m.cpython-311.pyc": b"x"}
    add(web.put("/x.zip", zip_of({**files, "k/greet/n.pyc": b"x"})))
    assert not [path for path in store().rglob("*") if path.suffix == ".pyc"]


def test_a_zipped_link_is_refused(web):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as content:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        content.writestr(info, "/etc/passwd")
    with pytest.raises(ClaimedError, match="link or a device"):
        add(web.put("/x.zip", packed.getvalue()))


def test_a_component_yaml_by_url_is_a_catalog_of_one(web):
    url = web.put("/filter/component.yaml", KFP)
    entry = add(url)
    catalog = default_catalog()
    (spec,) = mine(catalog, "filter")
    shown = catalog.listed(spec)
    assert (entry.kind, shown.reference, shown.origin) == ("kfp", "kubeflow/filter-text@0.1.0", f"kfp {url}")
    assert shown.outside and not shown.trusted and shown.author.startswith("Ada Lovelace")
    with pytest.raises(NotKfp, match=r"other\.yaml"):
        add(web.put("/other.yaml", "a: 1"))


def test_a_component_yaml_on_this_disk_is_read_where_it_is(tmp_path):
    path = tmp_path / "filter.yaml"
    path.write_text(KFP)
    add(str(path))
    catalog = default_catalog()
    (spec,) = mine(catalog, "filter")
    assert not catalog.listed(spec).outside and catalog.listed(spec).trusted
    path.write_text(KFP.replace("Filter text", "Sieve text"))
    assert [spec.title for spec in mine(catalog, "filter")] == ["Sieve text"]
    path.unlink()
    assert mine(catalog, "filter") == [] and "there is no" in catalog.catalog("filter").problem


def test_a_damaged_or_deleted_tree_is_told_and_mended_by_a_refresh(repository):
    add(repository.as_uri())
    catalog = default_catalog()
    (notebook,) = store().glob("*/greet/greet.ipynb")
    notebook.unlink()
    assert mine(catalog, "strangers") == []
    refresh(catalog.catalog("strangers"))
    assert len(mine(catalog, "strangers")) == 1
    (tree,) = store().iterdir()
    operations.forget([tree.name.replace("git-", "git:")])
    fresh = default_catalog()
    assert mine(fresh, "strangers") == [] and "is gone: refresh it" in fresh.catalog("strangers").problem
    refresh(fresh.catalog("strangers"))
    assert len(mine(default_catalog(), "strangers")) == 1


def test_what_a_refresh_replaced_is_kept_for_a_day_for_the_runs_that_read_it(repository):
    def refreshed(version):
        greeter(repository, version=version)
        commit(repository)
        refresh(default_catalog().catalog("strangers"))

    add(repository.as_uri())
    (first,) = store().iterdir()
    os.utime(first, (time.time() - 7 * 86400,) * 2)  # it was fetched a week ago
    refreshed("2.0.0")
    assert first.exists() and len(kept()) == 2
    os.utime(first, (time.time() - 2 * 86400,) * 2)  # and replaced the day before yesterday
    refreshed("3.0.0")
    assert not first.exists() and len(kept()) == 2


def test_a_removed_catalog_leaves_nothing_unless_another_needs_it(repository):
    add(repository.as_uri(), name="one")
    add(repository.as_uri(), name="two", ref="main")
    remove(default_catalog().catalog("one"))
    assert len(mine(default_catalog(), "two")) == 1
    remove(default_catalog().catalog("two"))
    assert kept() == [] and not mine(default_catalog(), "two")


def test_a_folder_that_is_removed_from_the_catalogs_stays_on_the_disk(tmp_path):
    greeter(tmp_path / "ours")
    add(str(tmp_path / "ours"))
    catalog = default_catalog()
    shown = catalog.listed(mine(catalog, "ours")[0])
    assert shown.origin == f"folder {tmp_path / 'ours'}" and not shown.outside and shown.trusted
    remove(catalog.catalog("ours"))
    assert (tmp_path / "ours" / "greet" / "greet.ipynb").exists()


def test_what_was_not_added_can_not_be_removed():
    for name in ("mine", "claimed_jlab"):
        with pytest.raises(NotRemovable, match="disabled"):
            remove(default_catalog().catalog(name))


def test_a_place_or_a_name_is_added_once(repository, tmp_path):
    add(repository.as_uri())
    with pytest.raises(CatalogExists, match="as 'strangers'"):
        add(repository.as_uri())
    (tmp_path / "x").mkdir()
    with pytest.raises(CatalogExists, match="another --name"):
        add(str(tmp_path / "x"), name="mine", taken=["mine"])
    (tmp_path / "y" / "strangers").mkdir(parents=True)
    assert add(str(tmp_path / "y" / "strangers"), taken=["strangers"]).name == "strangers-2"


def test_where_ssh_fails_its_own_reason_is_said(tmp_path, monkeypatch):
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho 'git@host.example: Permission denied (publickey).' >&2\nexit 255\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    with pytest.raises(FetchFailed, match=r"Permission denied \(publickey\).*an SSH key for git"):
        add("git@host.example:team/kit.git")
