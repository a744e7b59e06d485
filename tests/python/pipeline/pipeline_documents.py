"""Generated documents, sound ones mostly: every feature, any order, broken references now and then."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = st.from_regex(r"[a-z][a-zA-Z0-9_]{0,6}", fullmatch=True)
TASK_NAMES = st.one_of(
    NAMES, st.sampled_from(["split-data", "if", "dsl", "load_component", "Train", "été", "a b", "print"])
)
FIELDS = st.one_of(NAMES, st.sampled_from(["api key", "class", "C", "__a", "1st"]))
TEXTS = st.one_of(st.text(max_size=30), st.text("ab \n#\"'\\é", max_size=60), st.just("word " * 40))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
COMPONENTS = st.sampled_from(
    [
        "input/load-table@1.0.0",
        "train/sklearn-classifier@1.0.0",
        "./clean.py",
        "./tools.py:normalize",
        "parts/prepare.pipeline",
        "x",
        "",
    ]
)
TYPES = st.sampled_from(["int", "float", "str", "bool", "list", "dict", "Literal['a', 'b']", "Secret", "weird"])
PARAMETERS = st.dictionaries(
    FIELDS,
    st.fixed_dictionaries({}, optional={"type": TYPES, "default": VALUES, "description": TEXTS, "x_future": VALUES}),
    max_size=4,
)
PLACES = st.lists(st.integers(-999, 9999), min_size=2, max_size=2)


IMAGES = st.sampled_from(["python:3.11-slim", "quay.io/team/fit@sha256:" + "0" * 64, ""])
_PATHS = st.sampled_from(["/data", "/mnt/a b", "/x.y"])
_NAMED = st.sampled_from(["data", "my-secret", "a.b"])
_LABELS = st.dictionaries(st.sampled_from(["team", "example.org/pool", "a.b"]), st.sampled_from(["x", ""]), max_size=2)
_VARIABLES = st.dictionaries(st.sampled_from(["TOKEN", "KEY"]), st.sampled_from(["store/key", "store"]), max_size=2)
_MATCHES = st.lists(
    st.sampled_from([{"key": "zone", "operator": "In", "values": ["a"]}, {"key": "fast", "operator": "Exists"}]),
    min_size=1,
    max_size=2,
)
KUBERNETES = st.fixed_dictionaries(
    {},
    optional={
        "secrets_as_env": _VARIABLES,
        "secrets_as_volumes": st.lists(
            st.fixed_dictionaries({"secret": _NAMED, "path": _PATHS}, optional={"optional": st.booleans()}), max_size=2
        ),
        "config_maps_as_env": _VARIABLES,
        "config_maps_as_volumes": st.lists(st.fixed_dictionaries({"config_map": _NAMED, "path": _PATHS}), max_size=2),
        "volumes": st.lists(
            st.fixed_dictionaries(
                {"claim": _NAMED, "path": _PATHS},
                optional={"sub_path": st.text("a/", max_size=3), "read_only": st.booleans(), "x_future": VALUES},
            ),
            max_size=3,
        ),
        "empty_dirs": st.lists(
            st.fixed_dictionaries(
                {"name": st.sampled_from(["a", "shm"]), "path": _PATHS},
                optional={"medium": st.sampled_from(["Memory", None]), "size": st.just("1Gi")},
            ),
            max_size=2,
        ),
        "node_selector": _LABELS,
        "tolerations": st.lists(
            st.sampled_from(
                [{"key": "gpu", "value": "yes"}, {"operator": "Exists", "effect": "NoExecute", "seconds": 3}]
            ),
            max_size=3,
        ),
        "node_affinity": st.lists(
            st.fixed_dictionaries({"match_expressions": _MATCHES}, optional={"weight": st.integers(1, 100)}), max_size=2
        ),
        "image_pull_policy": st.sampled_from(["Always", "Never", None]),
        "image_pull_secrets": st.lists(_NAMED, max_size=2),
        "labels": _LABELS,
        "annotations": _LABELS,
    },
)


@st.composite
def sources(draw: Any, tasks: list[str], parameters: list[str]) -> dict[str, Any]:
    kinds = ["value", "value", "secret", *(["parameter"] * 2 if parameters else []), *(["output"] * 3 if tasks else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "value":
        return {"value": draw(VALUES)}
    if kind == "secret":
        return {"secret": draw(st.sampled_from(["hf", "hf/token", "a/b/c", ""]))}
    if kind == "parameter":
        return {
            "parameter": draw(st.sampled_from([*parameters, "ghost"] if draw(st.integers(0, 9)) == 0 else parameters))
        }
    return {"output": f"{draw(st.sampled_from(tasks))}.{draw(FIELDS)}"}


@st.composite
def conditions(draw: Any, tasks: list[str], parameters: list[str]) -> str:
    named = [name for name in parameters if name.isidentifier()]
    named += [f"{task}.{draw(NAMES)}" for task in tasks if task.isidentifier()]
    left = draw(st.sampled_from(named or ["1"]))
    right = draw(st.sampled_from(["0.7", "'a'", '"b"', "-1", "True", *(named or ["2"])]))
    one = f"{left} {draw(st.sampled_from(['>', '<=', '==', '!=']))} {right}"
    return draw(
        st.sampled_from(
            [one, f"{one} and {left} < 5", f"not {one}", f"{one} or {left} == 1", f"0 < {left} < 9", f" {one}", "]"]
        )
    )


@st.composite
def tasks_of(draw: Any, name: str, before: list[str], parameters: list[str]) -> dict[str, Any]:
    source = sources(before, parameters)
    found: dict[str, Any] = {"component": draw(COMPONENTS)}
    optional = {
        "description": TEXTS,
        "inputs": st.dictionaries(FIELDS, source, max_size=4),
        "when": conditions(before, parameters),
        "for_each": st.builds(
            lambda source, more: {**source, **more},
            source,
            st.fixed_dictionaries({}, optional={"input": FIELDS, "max_parallel": st.integers(1, 9)}),
        ),
        "retry": st.fixed_dictionaries(
            {},
            optional={"attempts": st.integers(0, 9), "backoff": st.sampled_from([1, 2.5]), "on": st.just(["timeout"])},
        ),
        "timeout": st.sampled_from([60, 0.5]),
        "resources": st.fixed_dictionaries(
            {},
            optional={
                "cpu": st.sampled_from([2, 0.5, "500m", "2"]),
                "memory": st.sampled_from(["4Gi", 1024]),
                "gpu": st.integers(0, 2),
                "accelerator": st.sampled_from(["nvidia.com/gpu", "amd.com/gpu"]),
                "x": VALUES,
            },
        ),
        "image": st.one_of(IMAGES, TEXTS),
        "kubernetes": st.one_of(KUBERNETES, KUBERNETES, st.dictionaries(NAMES, VALUES, max_size=2), st.none()),
        "cache": st.booleans(),
        "x_future": VALUES,
    }
    for key, strategy in optional.items():
        if draw(st.integers(0, 2 if key in ("inputs",) else 5)) <= (1 if key == "inputs" else 0):
            found[key] = draw(strategy)
    if before and draw(st.integers(0, 5)) == 0:
        found["after"] = draw(st.lists(st.sampled_from(before), max_size=2))
    return found


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    parameters = draw(PARAMETERS)
    names = draw(st.lists(TASK_NAMES, max_size=6, unique=True))
    tasks: dict[str, Any] = {}
    for number, name in enumerate(names):
        known = names[:number] if draw(st.integers(0, 9)) else names
        tasks[name] = draw(tasks_of(name, known, list(parameters)))
    found: dict[str, Any] = {"format": "claimed-pipeline/1", "name": draw(st.one_of(NAMES, TEXTS))}
    found["tasks"] = dict(draw(st.permutations(list(tasks.items()))))
    if draw(st.integers(0, 3)) == 0:
        found["image"] = draw(IMAGES)
    if parameters:
        found["parameters"] = parameters
    extra = {
        "description": TEXTS,
        "outputs": st.dictionaries(
            FIELDS,
            st.builds(
                lambda task, name, about: {"output": f"{task}.{name}", **about},
                st.sampled_from([*names, "ghost"]),
                NAMES,
                st.fixed_dictionaries({}, optional={"description": TEXTS}),
            ),
            max_size=2,
        ),
        "on_exit": st.sampled_from([*names, "ghost"]),
        "timeout": st.just(5),
        "layout": st.fixed_dictionaries(dict.fromkeys(names, PLACES)),
        "canvas": st.fixed_dictionaries(
            {},
            optional={
                "notes": st.dictionaries(NAMES, st.fixed_dictionaries({"text": TEXTS, "position": PLACES}), max_size=2)
            },
        ),
        "x_future": VALUES,
    }
    for key, strategy in extra.items():
        if draw(st.integers(0, 2)) == 0:
            found[key] = draw(strategy)
    return found
