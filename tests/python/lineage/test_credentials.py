"""Passwords, tokens and signatures in addresses stay on the machine."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from openlineage_rules import breaches
from sqlalchemy import Connection, update

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, schema
from claimed_jlab.lineage.credentials import without_credentials
from claimed_jlab.lineage.explore.marks import set_note, set_tags
from claimed_jlab.lineage.standards.export import export
from claimed_jlab.lineage.standards.files import read_standard
from claimed_jlab.lineage.standards.gather import gather
from claimed_jlab.lineage.standards.keep import keep
from claimed_jlab.lineage.standards.openlineage.transport import NotSent, send

EVERY_DATABASE = True
DATABASE = "postgresql://radiology:s3cr3t-pw@pacs:5432/studies"
SIGNED = "https://b.s3.amazonaws.com/ct.csv?X-Amz-Expires=60&X-Amz-Credential=s3cr3t-id&X-Amz-Signature=s3cr3t-a"
SHARED = "https://acc.blob.core.windows.net/c/ct.csv?sv=2024-01-01&se=2026-12-31&sig=s3cr3t%2Bb%3D"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (DATABASE, "postgresql://radiology:***@pacs:5432/studies"),
        ("mysql+pymysql://u:p@ss@h/db", "mysql+pymysql://u:***@h/db"),
        ("postgresql://u:a/b@h/db", "postgresql://u:***@h/db"),
        ("redis://:pw@h/0", "redis://:***@h/0"),
        ("s3://AKIA:key@bucket/k", "s3://AKIA:***@bucket/k"),
        ("https://ghp_token@github.com/a/b", "https://***@github.com/a/b"),
        ("jdbc:sqlserver://h:1433;user=u;password=pw;x=1", "jdbc:sqlserver://h:1433;user=u;password=***;x=1"),
        ("https://h/x?key=AIzaSyB-1_x&q=1", "https://h/x?key=***&q=1"),
        ("https://h/cb#access_token=a.b.c&x=1", "https://h/cb#access_token=***&x=1"),
        (SHARED, "https://acc.blob.core.windows.net/c/ct.csv?sv=2024-01-01&se=2026-12-31&sig=***"),
        ("can't reach 'mysql://a:b@c' nor https://u:p@d.", "can't reach 'mysql://a:***@c' nor https://u:***@d."),
        ('{"a":"https://u:p@h/","mail":"me@x"}', '{"a":"https://u:***@h/","mail":"me@x"}'),
    ],
)
def test_an_address_is_shown_without_what_opens_it(address: str, shown: str) -> None:
    assert without_credentials(address) == shown
    assert without_credentials(shown) == shown


@pytest.mark.parametrize(
    "harmless",
    [
        "https://registry:8080/@scope/name",
        "abfss://container@account.dfs.core.windows.net/x",
        "http://[::1]:8080/a@b",
        "https://fhir/Observation?code=8480-6&date=ge2026",
        "https://h/x?key=patients&page=2",
        "postgresql://user@host/db",
        "file:///data/a%40b.csv",
        "mail me@hospital.org: seed=7&C=1",
    ],
)
def test_an_address_without_a_secret_stays_as_it_is(harmless: str) -> None:
    assert without_credentials(harmless) == harmless


def told(store: Store, folder: Path) -> None:
    """A run whose every corner holds an address with credentials."""
    document = folder / "study.pipeline"
    document.write_text(json.dumps({"tasks": {"load": {"inputs": {"from": {"value": DATABASE}}}}}), encoding="utf-8")
    recorder = Recorder(store)
    parameters = {"from": DATABASE, "more": {"urls": [SIGNED, {SHARED: 1, SHARED.replace("b%3D", "c"): 2}]}}
    about = {"claimed.pipeline_path": str(document), "claimed.user": "ada", "seen": DATABASE}
    recorder.start_run("r1", "Study", parameters=parameters, properties=about)
    read = recorder.import_artifact("r1", "load", ArtifactRecord("Dataset", SIGNED, SIGNED, "blake3:1", {"at": SHARED}))
    properties = {"claimed.component": "load/sql@1.0.0"}
    recorder.start_task(
        "r1", "load", display_name="Load", inputs=parameters, artifacts={"x": read}, properties=properties
    )
    made = {
        "table": ArtifactRecord("Dataset", DATABASE, "studies", "blake3:2"),
        "other": ArtifactRecord("Dataset", DATABASE + "?sslpassword=s3cr3t-c", "studies", "blake3:3"),
        "copy": ArtifactRecord("Dataset", SHARED, "ct.csv", "blake3:4"),
    }
    failed = {"claimed.error": f"can't reach {DATABASE}: no route"}
    recorder.finish_task("r1", "load", state="FAILED", outputs={"at": SIGNED}, artifacts=made, properties=failed)
    recorder.finish_run("r1", "FAILED", failed)
    set_tags(store, f"artifact/{read}", {"origin": SIGNED})
    set_note(store, f"artifact/{read}", f"from <{SHARED}>", "ada")


@pytest.mark.parametrize("standard", ["openlineage", "prov", "ro-crate"])
def test_no_standard_tells_of_a_credential_and_each_says_so(store: Store, tmp_path: Path, standard: str) -> None:
    told(store, tmp_path)
    exported = export(store, None, standard, tmp_path, "study", with_files=standard == "ro-crate")
    text = everything_in(Path(str(exported.path)))
    assert "s3cr3t" not in text and "***" in text
    assert "pacs:5432/studies" in text and "X-Amz-Expires=60" in text
    hidden = {one.what: one.count for one in exported.left_out}
    assert hidden["credentials in an address"] >= 15
    if standard == "openlineage":
        assert not [breach for line in text.splitlines() for breach in breaches(json.loads(line))]
    story, _ = read_standard(str(exported.path), standard)
    urls = story.runs[0].parameters["more"]["urls"][1]  # type: ignore[call-overload,index]
    assert sorted(urls.values()) == [1, 2]
    # Nothing of what was hidden is lost where it is known.
    before = gather(store)[0]
    assert not keep(store, story).new and gather(store)[0] == before


def everything_in(path: Path) -> str:
    if path.suffix != ".zip":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_an_external_id_with_a_password_is_no_key_of_a_story(store: Store, tmp_path: Path) -> None:
    told(store, tmp_path)
    with_secret = "https://u:s3cr3t-key@elsewhere/42"

    def rename(connection: Connection) -> None:
        table = schema.artifact
        connection.execute(update(table).where(table.c.uri == SHARED).values(external_id=with_secret))

    store.write(rename)
    exported = export(store, None, "prov", tmp_path, "study")
    assert "s3cr3t" not in everything_in(Path(str(exported.path)))
    before = gather(store)[0]
    assert not keep(store, read_standard(str(exported.path), "prov")[0]).new and gather(store)[0] == before


@pytest.mark.parametrize(
    "url",
    [
        "ftp://ada:s3cr3t@marquez",
        "http://ada:s3cr3t@127.0.0.1:1/?api_key=s3cr3t",
        "http://ada:s3cr3t/x@127.0.0.1:1",
        "http://ada:s3cr3t@127.0.0.1:99999",
        "http://ada:s3cr3t@127.0.0.1:1/a b",
        "http://s3cr3t@",
    ],
)
def test_a_server_that_does_not_answer_is_named_without_its_password(url: str) -> None:
    with pytest.raises(NotSent) as caught:
        send(url, [{}], first_wait=0.001)
    assert "s3cr3t" not in str(caught.value) and "\n" not in str(caught.value)
