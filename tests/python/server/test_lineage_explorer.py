"""What the lineage explorer asks of the server."""

from __future__ import annotations

import json

import pytest
from asking import answer, refused

from claimed_jlab.lineage import ArtifactRecord, Recorder, open_store
from claimed_jlab.paths import writable_home


@pytest.fixture
def made(jp_serverapp, jp_root_dir):
    """credit.csv -> clean -> table -> train -> model, in two runs of one pipeline, by ada."""
    (jp_root_dir / "credit.csv").write_text("a,b\n1,2\n")
    uri = (jp_root_dir / "credit.csv").as_uri()
    recorder = Recorder(open_store(writable_home() / "lineage.db"))
    ids = {}
    for number in (1, 2):
        run = f"r{number}"
        recorder.start_run(run, "Credit", parameters={}, properties={"claimed.user": "ada", "claimed.host": "h1"})
        data = recorder.import_artifact(run, "clean", ArtifactRecord("Dataset", uri, "credit.csv", "d0"))
        clean = recorder.start_task(
            run, "clean", display_name="Clean", inputs={"rows": number}, artifacts={"data": data}, properties={}
        )
        table = {"table": ArtifactRecord("Dataset", f"file:///table{number}.csv", "table.csv", "d1")}
        made = recorder.finish_task(
            run, "clean", state="COMPLETE", outputs={"kept": 0.5}, artifacts=table, properties={}
        )
        train = recorder.start_task(
            run,
            "train",
            display_name="Train",
            inputs={},
            artifacts=made,
            properties={"claimed.component": "train/x@1.0.0"},
        )
        model = {"model": ArtifactRecord("Model", f"s3://models/{number}", "model", f"m{number}")}
        models = recorder.finish_task(
            run, "train", state="COMPLETE", outputs={"accuracy": number / 10}, artifacts=model, properties={}
        )
        recorder.finish_run(run, "COMPLETE")
        ids[number] = {"data": data, "clean": clean, "train": train, **made, **models}
    return ids


async def ask(jp_fetch, *parts, **params):
    params = {name: str(value) for name, value in params.items()}
    return await answer(jp_fetch("claimed", "lineage", *map(str, parts), params=params))


def names(part):
    return sorted(node["name"] for node in part["nodes"])


async def test_a_graph_begins_with_two_steps_up_and_down(jp_fetch, made):
    part = await ask(jp_fetch, "graph", start=f"artifact/{made[1]['table']}")

    assert names(part) == ["Clean", "Import credit.csv", "Train", "credit.csv", "model", "table.csv"]
    table = next(node for node in part["nodes"] if node["name"] == "table.csv")
    assert (table["run"], table["pipeline"], table["task"], table["user"]) == ("r1", "Credit", "clean", "ada")
    assert (table["up"], table["down"], table["digest"]) == (1, 1, "d1")
    assert part["start"] == [table["id"]]
    assert {"source": table["id"], "target": f"execution/{made[1]['train']}", "name": "table"} in part["edges"]


async def test_from_an_execution_the_first_step_leads_to_what_it_read(jp_fetch, made):
    part = await ask(jp_fetch, "graph", start=f"execution/{made[1]['train']}", up=1, down=0)

    assert names(part) == ["Train", "table.csv"]


async def test_a_run_is_shown_whole_and_alone(jp_fetch, made):
    part = await ask(jp_fetch, "graph", start="run:r2")

    assert names(part) == ["Clean", "Train", "credit.csv", "model", "table.csv"]


async def test_a_run_is_shown_though_its_tasks_read_and_made_nothing(jp_fetch, made):
    recorder = Recorder(open_store(writable_home() / "lineage.db"))
    recorder.start_run("r9", "Fragile", parameters={}, properties={})
    recorder.start_task("r9", "fail", display_name="Fail", inputs={}, artifacts={}, properties={})
    recorder.finish_task("r9", "fail", state="FAILED", outputs={}, artifacts={}, properties={})

    part = await ask(jp_fetch, "graph", start="run:r9")

    assert [(node["name"], node["state"]) for node in part["nodes"]] == [("Fail", "FAILED")]


async def test_a_cut_graph_keeps_the_nearest_and_says_how_many_are_missing(jp_fetch, made):
    part = await ask(jp_fetch, "graph", start=f"artifact/{made[1]['table']}", limit=3)

    assert names(part) == ["Clean", "Train", "table.csv"]
    assert (part["truncated"], part["missing"]) == (True, 3)


async def test_what_is_added_is_joined_to_what_is_shown(jp_fetch, made):
    shown = [f"execution/{made[1]['clean']}", f"execution/{made[2]['clean']}"]
    body = {"start": [f"artifact/{made[1]['data']}"], "up": 0, "down": 0, "known": shown}
    response = await jp_fetch("claimed", "lineage", "graph", method="POST", body=json.dumps(body))

    part = json.loads(response.body)
    assert names(part) == ["credit.csv"]
    assert {edge["target"] for edge in part["edges"]} == set(shown)


async def test_the_ways_between_two_nodes_are_found_from_either_side(jp_fetch, made):
    ends = [f"artifact/{made[1]['data']}", f"artifact/{made[1]['model']}"]
    there = await ask(jp_fetch, "graph", "between", first=ends[0], second=ends[1])
    back = await ask(jp_fetch, "graph", "between", first=ends[1], second=ends[0])
    none = await ask(jp_fetch, "graph", "between", first=ends[1], second=f"artifact/{made[2]['model']}")

    assert names(there) == names(back) == ["Clean", "Train", "credit.csv", "model", "table.csv"]
    assert none["nodes"] == []


async def test_a_node_says_what_when_who_and_with_what(jp_fetch, made):
    train = await ask(jp_fetch, "nodes", "execution", made[1]["train"])
    model = await ask(jp_fetch, "nodes", "artifact", made[1]["model"])
    data = await ask(jp_fetch, "nodes", "artifact", made[1]["data"])

    assert (train["node"]["component"], train["host"]) == ("train/x@1.0.0", "h1")
    assert train["outputs"] == {"accuracy": 0.1}
    assert [one["node"]["name"] for one in train["inputs"]] == ["table.csv"]
    assert {one["name"] for one in train["contexts"]} == {"Credit", "r1"}
    (context,) = (one["id"] for one in train["contexts"] if one["name"] == "r1")
    run = await ask(jp_fetch, "nodes", *context.split("/"))
    assert (run["node"]["run"], run["node"]["pipeline"]) == ("r1", "Credit")
    assert (model["exists"], model["newer"]) == (None, f"artifact/{made[2]['model']}")
    assert (data["exists"], data["path"], data["size"]) == (True, "credit.csv", 8)
    assert len(data["products"]) == 2


async def test_versions_follow_a_task_through_the_runs_of_its_pipeline(jp_fetch, made):
    found = await ask(jp_fetch, "nodes", "artifact", made[1]["model"], "versions")
    tables = await ask(jp_fetch, "nodes", "artifact", made[2]["table"], "versions")
    runs = await ask(jp_fetch, "nodes", "execution", made[2]["clean"], "versions")

    assert [one["metrics"] for one in found["versions"]] == [{"accuracy": 0.1}, {"accuracy": 0.2}]
    assert (found["current"], [one["same"] for one in found["versions"]]) == (0, [False, False])
    assert (tables["current"], [one["same"] for one in tables["versions"]]) == (1, [False, True])
    assert [one["parameters"] for one in runs["versions"]] == [{"rows": 1}, {"rows": 2}]


async def test_tags_and_notes_are_written_found_and_taken_away(jp_fetch, made):
    node = ("nodes", "artifact", str(made[1]["model"]))

    async def put(what, body):
        response = await jp_fetch("claimed", "lineage", *node, what, method="PUT", body=json.dumps(body))
        return json.loads(response.body)

    assert await put("tags", {"tags": {"candidate": "", "größe": "best of the week"}}) == {
        "tags": {"candidate": "", "größe": "best of the week"}
    }
    note = (await put("note", {"text": "  *Use* this one "}))["note"]
    detail = await ask(jp_fetch, *node)
    found = await ask(jp_fetch, "find", q="tag:candidate", full=1)

    assert detail["tags"] == {"candidate": "", "größe": "best of the week"}
    assert (detail["note"], note["text"]) == (note, "*Use* this one")
    assert found["nodes"] == [detail["node"]]
    assert detail["node"]["tags"] == ["candidate", "größe"]

    await put("tags", {"tags": {}})
    assert await put("note", {"text": " "}) == {"note": None}
    detail = await ask(jp_fetch, *node)
    assert (detail["tags"], detail["note"]) == ({}, None)


async def test_where_a_file_was_used_is_found_by_its_place(jp_fetch, made):
    found = await ask(jp_fetch, "used", path="credit.csv")
    nothing = await ask(jp_fetch, "used", path="other.csv")

    assert [node["id"] for node in found["nodes"]] == [f"artifact/{made[1]['data']}"]
    assert nothing["nodes"] == []


async def test_a_preview_shows_the_table(jp_fetch, made):
    found = await ask(jp_fetch, "nodes", "artifact", made[1]["data"], "preview")

    assert "<td>1</td>" in found["mimebundle"]["text/html"]


@pytest.mark.parametrize(
    ("path", "params", "status", "said"),
    [
        (("graph",), {}, 400, "say of which node"),
        (("graph",), {"start": "thing/1"}, 400, "'thing/1' is no node"),
        (("graph",), {"start": "artifact/999"}, 404, "there is no artifact/999"),
        (("graph",), {"start": "run:nobody"}, 404, "has no run 'nobody'"),
        (("graph",), {"start": "artifact/1", "limit": "100000"}, 400, "the limit must be from 1 to 10000"),
        (("nodes", "artifact", "999"), {}, 404, "there is no artifact/999"),
        (("nodes", "execution", "1", "code"), {}, 404, "no executed notebook is kept"),
        (("nodes", "execution", "1", "preview"), {}, 404, "execution/1 is no artifact"),
    ],
)
async def test_a_question_that_has_no_answer_says_why(jp_fetch, made, path, params, status, said):
    code, error = await refused(jp_fetch("claimed", "lineage", *path, params=params))

    assert code == status
    assert said in error["message"]
