"""What a change touches: all that was made from a file, what of it is stale, and why."""

from __future__ import annotations

from lineage_scenarios import credit
from sqlalchemy import Connection, insert

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, impact, read, same_content, schema, staleness, write
from claimed_jlab.lineage.explore.marks import set_tags
from claimed_jlab.lineage.model import EventType, ExecutionState, Kind
from claimed_jlab.lineage.stale import Deployed

EVERY_DATABASE = True


def train(
    recorder: Recorder, run: str, *, data: str = "d0", code: str = "n1", image: str = "i1", model: str | None = None
) -> dict[str, int]:
    """credit.csv -> clean -> table -> fit -> model, all contents named by what they depend on."""
    recorder.start_run(run, "Credit", parameters={}, properties={})
    ids = {"data": recorder.import_artifact(run, "clean", ArtifactRecord("Dataset", "file:///credit.csv", "c", data))}
    for task, name, source, digest, notebook in (
        ("clean", "table", "data", f"table-{data}", "clean-1"),
        ("fit", "model", "table", model or f"model-{data}-{code}-{image}", code),
    ):
        properties = {"claimed.notebook_digest": notebook, "image": image if task == "fit" else "same"}
        recorder.start_task(
            run, task, display_name=task, inputs={}, artifacts={source: ids[source]}, properties=properties
        )
        made = {name: ArtifactRecord("Dataset", f"file:///{run}/{name}", name, digest)}
        ids |= recorder.finish_task(run, task, state="COMPLETE", outputs={}, artifacts=made, properties={})
    recorder.finish_run(run, "COMPLETE")
    return ids


def why(store: Store, artifact: int) -> dict[str, list[str]]:
    return {stale.id: [str(reason) for reason in stale.reasons] for stale in impact(store, artifact).stale}


def test_nothing_is_stale_while_nothing_changed(recorder: Recorder, store: Store) -> None:
    ids = train(recorder, "r1")
    again = train(recorder, "r2")

    assert why(store, ids["data"]) == {}
    assert staleness(store, again["model"]) == ()
    assert len(impact(store, ids["data"]).answer.nodes) == 9


def test_a_new_version_of_a_file_makes_all_stale_that_was_made_from_the_old_one(
    recorder: Recorder, store: Store
) -> None:
    old = train(recorder, "r1")
    new = recorder.import_artifact("r1", "other", ArtifactRecord("Dataset", "file:///credit.csv", "c", "d1"))

    assert why(store, old["data"]) == {
        f"artifact/{old['table']}": [f"input data: artifact/{new} is newer"],
        f"artifact/{old['model']}": ["input table is stale"],
    }


def test_what_was_made_again_is_named_and_is_not_stale_itself(recorder: Recorder, store: Store) -> None:
    old, new = train(recorder, "r1"), train(recorder, "r2", data="d1")

    [table, model] = impact(store, old["data"]).stale
    assert (table.newer, model.newer) == (f"artifact/{new['table']}", f"artifact/{new['model']}")
    assert [str(reason) for reason in model.reasons] == [f"input table: artifact/{new['table']} is newer"]
    assert impact(store, new["data"]).stale == ()


def test_changed_code_and_a_changed_environment_are_told_apart(recorder: Recorder, store: Store) -> None:
    old = train(recorder, "r1")
    train(recorder, "r2", code="n2", image="i2")

    assert why(store, old["data"]) == {
        f"artifact/{old['model']}": [
            "code changed: notebook was n1, is n2",
            "environment changed: image was i1, is i2",
        ]
    }


def test_a_failed_run_makes_nothing_stale(recorder: Recorder, store: Store) -> None:
    old = train(recorder, "r1")
    recorder.start_run("r2", "Credit", parameters={}, properties={})
    recorder.start_task(
        "r2", "fit", display_name="fit", inputs={}, artifacts={}, properties={"claimed.notebook_digest": "broken"}
    )
    recorder.finish_task("r2", "fit", state="FAILED", outputs={}, artifacts={}, properties={})

    assert why(store, old["data"]) == {}


def test_a_task_of_the_same_name_in_another_pipeline_is_another_task(recorder: Recorder, store: Store) -> None:
    ids = train(recorder, "r1")
    recorder.start_run("r2", "Other", parameters={}, properties={})
    recorder.start_task(
        "r2", "fit", display_name="fit", inputs={}, artifacts={}, properties={"claimed.notebook_digest": "n9"}
    )
    recorder.finish_task("r2", "fit", state="COMPLETE", outputs={}, artifacts={}, properties={})

    assert why(store, ids["data"]) == {}


def test_staleness_of_a_model_names_its_stale_ancestors_first(recorder: Recorder, store: Store) -> None:
    old = train(recorder, "r1")
    recorder.import_artifact("r1", "other", ArtifactRecord("Dataset", "file:///credit.csv", "c", "d1"))

    assert [stale.id for stale in staleness(store, old["model"])] == [
        f"artifact/{old['table']}",
        f"artifact/{old['model']}",
    ]


def test_what_is_deployed_is_named_and_by_whom(recorder: Recorder, store: Store) -> None:
    ids = train(recorder, "r1")
    assert impact(store, ids["data"]).deployed == ()
    set_tags(store, f"artifact/{ids['table']}", {"deployed": "on the ward"})
    properties = {"claimed.component": "deploy/kserve@1.0.0"}
    ours = recorder.start_task(
        "r1", "serve", display_name="Serve", inputs={}, artifacts={"model": ids["model"]}, properties=properties
    )

    def deploy(connection: Connection) -> int:
        """As a program does that knows ML Metadata's own types."""
        type_ = write.ensure_type(connection, Kind.EXECUTION, "my.Release")
        (base,) = [one.id for one in read.types(connection, Kind.EXECUTION) if one.name == "mlmd.Deploy"]
        connection.execute(insert(schema.parent_type).values(type_id=type_, parent_type_id=base))
        execution = write.put_execution(connection, type_, ExecutionState.COMPLETE)
        write.put_event(connection, ids["model"], execution, EventType.INPUT, ("model",))
        return execution

    theirs = store.write(deploy)

    assert impact(store, ids["data"]).deployed == (
        Deployed(f"artifact/{ids['table']}"),
        Deployed(f"artifact/{ids['model']}", (f"execution/{ours}", f"execution/{theirs}")),
    )


def test_the_same_content_is_found_under_other_names(recorder: Recorder, store: Store) -> None:
    ids = train(recorder, "r1")
    copy = recorder.import_artifact(
        "r1", "x", ArtifactRecord("Model", "file:///copy.bin", "copy.bin", "model-d0-n1-i1")
    )
    credit(recorder, "r3")

    assert [(node.id, node.name) for node in same_content(store, ids["model"])] == [(f"artifact/{copy}", "copy.bin")]
    assert [node.id for node in same_content(store, copy)] == [f"artifact/{ids['model']}"]


def test_an_artifact_without_a_digest_has_no_equals(recorder: Recorder, store: Store) -> None:
    recorder.start_run("r1", "Credit", parameters={}, properties={})
    bare = [recorder.import_artifact("r1", "x", ArtifactRecord("Model", f"file:///{name}")) for name in "ab"]

    assert same_content(store, bare[0]) == ()


def test_no_name_of_the_package_is_hidden_by_a_module_of_it() -> None:
    from importlib import import_module
    from pkgutil import iter_modules
    from types import ModuleType

    from claimed_jlab import lineage

    for module in iter_modules(lineage.__path__):
        import_module(f"{lineage.__name__}.{module.name}")

    assert not [name for name in lineage.__all__ if isinstance(getattr(lineage, name), ModuleType)]
