"""Models are summarised, and nothing in them is executed."""

from __future__ import annotations

import io
import json
import os
import pickle
import pickletools
import random
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest

from claimed_jlab.run.preview import preview
from claimed_jlab.run.record import ArtifactValue

joblib = pytest.importorskip("joblib")
np = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from sklearn.ensemble import RandomForestClassifier  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: E402


def shown(path):
    size = path.stat().st_size if path.is_file() else 0
    return preview(ArtifactValue(type="Model", uri=path.as_uri(), name=path.name, size=size))


def text(path):
    return shown(path).mimebundle["text/plain"]


def classifier():
    return LogisticRegression(C=0.5).fit([[0.0, 1.0], [1.0, 0.0]], ["no", "yes"])


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)])
def test_a_joblib_model_tells_its_class_and_settings(tmp_path, compress):
    file = tmp_path / "model.joblib"
    joblib.dump(classifier(), file, compress=compress)
    found = shown(file)
    assert found.mimebundle["text/plain"].startswith("sklearn.linear_model._logistic.LogisticRegression\n")
    assert "C: 0.5" in found.mimebundle["text/plain"]
    assert "coef_: float64 array, 1 × 2" in found.mimebundle["text/plain"]
    assert "Not opened" in found.mimebundle["text/html"]
    assert not found.truncated


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_model_tells_its_class_in_every_protocol(tmp_path, protocol):
    file = tmp_path / "model.pkl"
    file.write_bytes(pickle.dumps(classifier(), protocol))
    assert text(file).startswith("sklearn.linear_model._logistic.LogisticRegression\n")
    assert "C: 0.5" in text(file)


def test_a_chain_of_steps_names_them(tmp_path):
    file = tmp_path / "model.joblib"
    encoder = OneHotEncoder().fit(np.array([["a"], ["b"]], dtype=object))
    joblib.dump(make_pipeline(StandardScaler(), encoder, LogisticRegression()), file)
    assert "steps: standardscaler: sklearn.preprocessing._data.StandardScaler, onehotencoder: " in text(file)


def test_an_array_of_texts_is_a_pickle_of_its_own_and_the_rest_is_read_behind_it(tmp_path):
    file = tmp_path / "model.joblib"
    words = np.array(["a", "b"], dtype=object)
    joblib.dump({"first": words, "second": words.copy(), "last": classifier()}, file)
    assert not shown(file).truncated
    assert "Would import from sklearn: sklearn.linear_model._logistic.LogisticRegression" in text(file)
    assert "?" not in text(file)


def test_a_forest_is_read_to_its_end(tmp_path):
    file = tmp_path / "model.joblib"
    data = np.random.default_rng(1).normal(size=(200, 5))
    joblib.dump(RandomForestClassifier(60).fit(data, data[:, 0] > 0), file)
    found = shown(file)
    assert not found.truncated
    assert "sklearn.tree._tree.Tree" in found.mimebundle["text/plain"]


class Harm:
    def __reduce__(self):
        return os.system, ("touch harmed",)


def test_nothing_is_executed_and_commands_are_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "model.pkl"
    file.write_bytes(pickle.dumps(Harm()))
    assert "Warning: Opening it can run commands: posix.system" in text(file)
    assert not (tmp_path / "harmed").exists()


def torch_file(path, content):
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("model/data.pkl", content)


STATE = (
    b"\x80\x02ccollections\nOrderedDict\n)R(X\x06\x00\x00\x00weightctorch._utils\n_rebuild_tensor_v2\n"
    b"((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ"
    b"K\x00K\x02K\x03\x86K\x03K\x01\x86\x89ccollections\nOrderedDict\n)RtRu."
)


def test_the_tensors_of_a_torch_file_have_names_shapes_and_types(tmp_path):
    torch_file(tmp_path / "model.pt", STATE)
    assert "weight: float32, 2 × 3" in text(tmp_path / "model.pt")
    assert "Parameters: 6" in text(tmp_path / "model.pt")


def test_a_file_that_torch_wrote_is_read(tmp_path):
    torch = pytest.importorskip("torch")
    torch.save(torch.nn.Linear(3, 2).state_dict(), tmp_path / "model.pt")
    assert "weight: float32, 2 × 3" in text(tmp_path / "model.pt")
    assert "Parameters: 8" in text(tmp_path / "model.pt")


def test_a_torch_file_that_runs_commands_says_so(tmp_path):
    torch_file(tmp_path / "model.pt", pickle.dumps(Harm()))
    assert "Warning: Opening it can run commands: posix.system" in text(tmp_path / "model.pt")


def safetensors(path, header):
    content = json.dumps(header).encode() if not isinstance(header, bytes) else header
    path.write_bytes(struct.pack("<Q", len(content)) + content + bytes(24))
    return path


def test_a_safetensors_file_tells_its_tensors_and_metadata(tmp_path):
    header = {"__metadata__": {"format": "pt"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
    found = text(safetensors(tmp_path / "m.safetensors", header))
    assert "w: F32, 2 × 3" in found and "Parameters: 6" in found and "format: pt" in found


def part(number, content):
    """A field of a protocol buffer: a message or a text of fewer than 128 bytes, or a small number."""
    if isinstance(content, int):
        return bytes([number << 3, content])
    return bytes([number << 3 | 2, len(content)]) + content


NODE = part(1, part(4, b"Relu"))
WEIGHT = part(5, part(1, b"\x02\x03") + part(2, 1) + part(8, b"w") + part(9, bytes(24)))
ONNX = (
    part(1, 9) + part(2, b"maker") + part(7, NODE + NODE + WEIGHT + part(11, part(1, b"x")) + part(12, part(1, b"y")))
)


def test_an_onnx_file_tells_its_operators_and_tensors(tmp_path):
    (tmp_path / "m.onnx").write_bytes(ONNX)
    found = shown(tmp_path / "m.onnx").mimebundle
    assert "Relu: 2 times" in found["text/plain"] and "Parameters: 6" in found["text/plain"]
    assert "<td>w</td><td>float32</td><td>2 × 3</td>" in found["text/html"]


def test_a_file_that_onnx_wrote_is_read(tmp_path):
    onnx = pytest.importorskip("onnx")
    from onnx import helper

    weight = helper.make_tensor("w", onnx.TensorProto.FLOAT, [2, 3], [0.0] * 6)
    ends = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "g", ends[:1], ends[1:], [weight])
    onnx.save(helper.make_model(graph), tmp_path / "m.onnx")
    assert "MatMul: 1 times" in text(tmp_path / "m.onnx")
    assert "Inputs: x\nOutputs: y\nParameters: 6" in text(tmp_path / "m.onnx")


def test_a_keras_file_tells_its_layers(tmp_path):
    layers = [{"class_name": "Dense", "config": {"name": "dense", "units": 4, "activation": "relu"}}]
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as bundle:
        bundle.writestr(
            "config.json", json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": layers}})
        )
    assert "dense: Dense units 4, activation relu" in text(tmp_path / "m.keras")


def test_a_saved_model_lists_its_files_and_follows_no_link(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("x")
    model = tmp_path / "model"
    model.mkdir()
    (model / "saved_model.pb").write_bytes(b"12345")
    (model / "variables").symlink_to(tmp_path / "secret")
    assert "saved_model.pb: 5 bytes" in text(model)
    assert "key.txt" not in text(model)


def zipped(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("model/data.pkl", content)
        bundle.writestr("config.json", content)
    return file.getvalue()


HOSTILE = {
    "empty.pkl": b"",
    "cut.pkl": pickle.dumps(classifier())[:200],
    "nonsense.joblib": b"\x80\x04" + bytes(range(256)),
    "marks.pkl": b"\x80\x04" + b"(" * 3_000_000,
    "deep.pkl": b"\x80\x04" + b"]" * 500_000 + b"a" * 499_999 + b".",
    "pops.pkl": b"\x80\x04" + b"0" * 10 + b".",
    "long.pkl": b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + b"x.",
    "line.pkl": b"c" + b"x" * 5_000_000,
    "number.pkl": b"I" + b"9" * 60_000 + b"\n.",
    "bomb.joblib": zlib.compress(b"\x80\x04" + b"]" * 80_000_000, 1),
    "block.joblib": zlib.compress(b"\x80\x04\x8e" + struct.pack("<Q", 70_000_000) + bytes(70_000_000) + b".", 1),
    "cut.joblib": zlib.compress(pickle.dumps(classifier()))[:100],
    "cut.gz.joblib": b"\x1f\x8b" + b"x" * 100,
    "bomb.pt": zipped(b" " * 40_000_000),
    "bomb.keras": zipped(b"[" * 40_000_000),
    "deep.keras": zipped(b"[" * 1_000_000),
    "cut.pt": zipped(STATE)[:60],
    "nonsense.pt": b"PK\x03\x04" + b"x" * 100,
    "huge.safetensors": struct.pack("<Q", 1 << 60) + b"{}",
    "deep.safetensors": struct.pack("<Q", 1_000_000) + b"[" * 1_000_000,
    "list.safetensors": struct.pack("<Q", 2) + b"[]",
    "shape.safetensors": struct.pack("<Q", 42) + b'{"w":{"dtype":"F32","shape":[-1,"x",null]}}'[:42],
    "short.safetensors": b"abc",
    "empty.onnx": b"",
    "number.onnx": b"\x10" + b"\xff" * 9 + b"\x7f",
    "long.onnx": b"\x08\x01" * 3_000_000,
    "length.onnx": b"\x3a\xff\xff\xff\xff\x7f",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_of_in_bounded_time_and_memory(tmp_path, name):
    (tmp_path / name).write_bytes(HOSTILE[name])
    tracemalloc.start()
    before = time.monotonic()
    found = shown(tmp_path / name)
    seconds, (_, most) = time.monotonic() - before, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.mimebundle["text/plain"]
    assert seconds < 30
    assert most < 400 << 20


def sound(tmp_path):
    joblib.dump(classifier(), tmp_path / "a.joblib")
    joblib.dump(classifier(), tmp_path / "b.joblib", compress=3)
    (tmp_path / "c.pkl").write_bytes(pickle.dumps(classifier()))
    torch_file(tmp_path / "d.pt", STATE)
    header = {"__metadata__": {"format": "pt"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
    safetensors(tmp_path / "e.safetensors", header)
    (tmp_path / "f.onnx").write_bytes(ONNX)
    return sorted(path for path in tmp_path.iterdir() if path.is_file())


def test_a_damaged_file_never_raises(tmp_path):
    chance = random.Random(7)
    for path in sound(tmp_path):
        content = path.read_bytes()
        for _ in range(150):
            damaged = bytearray(content)
            for _ in range(chance.randint(1, 8)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            path.write_bytes(damaged[: chance.randint(1, len(damaged))] if chance.random() < 0.2 else damaged)
            assert text(path)


def test_a_number_of_a_hundred_thousand_digits_is_passed_over(tmp_path):
    size = 50_000
    number = b"\x8b" + struct.pack("<I", size) + b"\x7f" * size
    content = b"\x80\x02cmodels\nModel\n)\x81}(" + number + b"K\x01X\x01\x00\x00\x00n" + number + b"ub."
    (tmp_path / "model.pkl").write_bytes(content)
    assert text(tmp_path / "model.pkl").startswith("models.Model")


def test_what_is_neither_file_nor_folder_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "model.pkl")
    assert "neither a file nor a folder" in text(tmp_path / "model.pkl")


def test_reading_a_pickle_agrees_with_the_library_on_its_names(tmp_path):
    content = pickle.dumps(classifier(), 2)
    wanted = [arg.replace(" ", ".", 1) for op, arg, _ in pickletools.genops(content) if op.name == "GLOBAL"]
    (tmp_path / "model.pkl").write_bytes(content)
    assert all(name in text(tmp_path / "model.pkl") for name in wanted)
