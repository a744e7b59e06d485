"""The place of a catalog, as a person writes it: its kind is guessed, its secrets and its tricks are refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.component.catalogs.errors import BadLocation
from claimed_jlab.component.catalogs.locations import check_name, check_ref, default_name, read_location, slug


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("https://github.com/claimed-framework/component-library", "git", "component-library"),
        ("https://github.com/claimed-framework/component-library.git", "git", "component-library"),
        ("git@github.com:claimed-framework/component-library.git", "git", "component-library"),
        ("ssh://git@host.example:2222/x/radiology", "git", "radiology"),
        ("https://host.example/releases/radiology-1.2.tar.gz", "archive", "radiology-1-2"),
        ("https://host.example/x.zip?version=3", "archive", "x"),
        ("http://host.example/x/archive/main.tar.xz", "archive", "archive"),
        ("https://host.example/components/Train/component.yaml", "kfp", "Train"),
    ],
)
def test_the_kind_and_a_name_follow_from_the_place(text, kind, name):
    place = read_location(text)
    assert (place.kind, default_name(place)) == (kind, name)


def test_a_path_is_made_absolute_from_where_it_was_written(tmp_path):
    (tmp_path / "mine").mkdir()
    place = read_location("mine", base=tmp_path)
    assert (place.kind, place.text) == ("folder", str(tmp_path / "mine"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no place"),
        ("--upload-pack=touch /tmp/x", "no place"),
        ("-x", "no place"),
        ("ext::sh -c touch% /tmp/x", "not a way of fetching"),
        ("ftp://host.example/x.zip", "not a way of fetching"),
        ("https://", "no URL"),
        ("ssh://-oProxyCommand=x/y", "no URL"),
        ("https://host.example/a b", "no URL"),
        ("https://[half/x", "no URL"),
        ("nowhere/at/all", "no such file or folder"),
        ("https://x\n.example/y", "no place"),
        ("file:///nowhere/at/all", "no such file or folder"),
        ("https://host.example/x.zip#sha256=123", "64 hexadecimal"),
    ],
)
def test_what_is_no_place_is_said_in_one_line(text, said):
    with pytest.raises(BadLocation) as caught:
        read_location(text)
    assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hunter2@host.example/x.git",
        "https://hunter2@host.example/x.git",
        "ssh://git:hunter2@host.example/x.git",
        "https://host.example/x.zip?access_token=hunter2",
        "https://host.example/x.zip?X-Amz-Signature=hunter2",
        "https://host.example/x.zip?sig=hunter2",
    ],
)
def test_a_password_in_a_url_is_refused_and_not_repeated(text):
    with pytest.raises(BadLocation, match="credential helper") as caught:
        read_location(text)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("ref", ["-x", "--output=x", "a..b", "a:b", "+main", "", "a b", "main@{1}", "x.lock", "a//b"])
def test_a_ref_that_git_could_take_for_something_else_is_refused(ref):
    with pytest.raises(BadLocation):
        check_ref(ref)


@pytest.mark.parametrize("ref", ["main", "v1.2.3", "feature/x-y", "a" * 40])
def test_branches_tags_and_commits_are_refs(ref):
    assert check_ref(ref) == ref


@pytest.mark.parametrize("name", ["", "-x", "a/b", "..", "a b", "x" * 65, "é"])
def test_a_name_that_no_url_could_hold_is_refused(name):
    with pytest.raises(BadLocation):
        check_name(name)


@given(st.text(max_size=200))
def test_any_text_gives_a_name_that_is_one(text):
    assert check_name(slug(text)) == slug(text)


@given(st.text(max_size=80))
def test_any_text_is_a_place_or_one_clear_line(text):
    try:
        place = read_location(text)
    except BadLocation as error:
        assert str(error) and "\n" not in str(error) and str(error).isprintable()
    else:
        assert not place.text.startswith("-") and place.text.isprintable()


@given(st.sampled_from(["https", "http"]), st.text(st.characters(codec="ascii"), min_size=1, max_size=20))
def test_whatever_stands_before_an_at_sign_is_never_kept(scheme, user):
    text = f"{scheme}://{user}@host.example/x"
    try:
        place = read_location(text)
    except BadLocation as error:
        if re.fullmatch(r"[A-Za-z0-9:]{3,}", user):
            assert user not in str(error)
    else:
        assert "@" not in place.text.partition("/x")[0] or "/" in user or "?" in user or "#" in user or "\\" in user
