"""The example that a new user opens first."""

from __future__ import annotations

import hashlib
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from component_runs import ROOT, read, run, tagged

from claimed_jlab.component.types import parse_type
from claimed_jlab.report import BlessingReport, ExplanationReport, FairnessReport

FOLDER = ROOT / "examples" / "trusted-ai"
DOCUMENT = json.loads((FOLDER / "german-credit.pipeline").read_text(encoding="utf-8"))
CARD = (240, 260)


def test_the_data_are_the_original_ones() -> None:
    assert hashlib.md5((FOLDER / "german.data").read_bytes()).hexdigest() == "6b94c2e35480e671545e52a808a8a549"


def test_every_code_in_the_data_has_its_words() -> None:
    columns = DOCUMENT["tasks"]["load"]["inputs"]["column_names"]["value"]
    table = pd.read_csv(FOLDER / "german.data", sep=" ", header=None, names=columns, dtype=str)
    codes = pd.read_csv(FOLDER / "german-codes.csv", dtype=str, keep_default_na=False)
    assert not codes.duplicated(["column", "code"]).any()
    known = set(zip(codes["column"], codes["code"], strict=True))
    coded = [name for name in columns if table[name].str.startswith("A").any()]
    assert {(name, code) for name in coded for code in table[name]} <= known


def test_the_cards_of_the_pipeline_read_from_left_to_right_and_never_overlap() -> None:
    layout = DOCUMENT["layout"]
    assert set(layout) == set(DOCUMENT["tasks"])
    for (_, one), (_, other) in combinations(layout.items(), 2):
        assert abs(one[0] - other[0]) >= CARD[0] or abs(one[1] - other[1]) >= CARD[1]
    for name, task in DOCUMENT["tasks"].items():
        for source in task["inputs"].values():
            if "output" in source:
                assert layout[source["output"].split(".")[0]][0] < layout[name][0]


def test_every_parameter_of_the_pipeline_has_a_type_a_default_and_a_description() -> None:
    for parameter in DOCUMENT["parameters"].values():
        assert set(parameter) == {"type", "default", "description"}
        assert parse_type(parameter["type"]).accepts(parameter["default"])


def results(folder: Path, **parameters: Any) -> dict[str, dict[str, Any]]:
    """Runs the tasks in their order, in this process; the variables of each."""
    values = {name: parameter["default"] for name, parameter in DOCUMENT["parameters"].items()} | parameters
    done: dict[str, dict[str, Any]] = {}
    for name, task in DOCUMENT["tasks"].items():
        reference = task["component"].partition("@")[0]
        notebook = read(ROOT / "components" / reference / f"{reference.split('/')[1]}.ipynb")
        source = tagged(notebook, "parameters").source
        inputs = {}
        for field, given in task["inputs"].items():
            if "output" in given:
                origin, _, output = given["output"].partition(".")
                inputs[field] = str(done[origin]["folder"] / done[origin][output])
            else:
                inputs[field] = values[given["parameter"]] if "parameter" in given else given["value"]
                if f'{field}: "Input[' in source:
                    inputs[field] = str(FOLDER / inputs[field])
        (folder / name).mkdir(parents=True)
        done[name] = run(reference, folder / name, **inputs)
    return done


@pytest.mark.slow
def test_reweighing_brings_age_into_the_fair_range_and_the_model_is_blessed(tmp_path: Path) -> None:
    done = results(tmp_path)
    before, after = done["fairness_age"]["result"], done["fairness_age_after"]["result"]
    assert isinstance(before, FairnessReport) and isinstance(after, FairnessReport)
    # The numbers of examples/trusted-ai/README.md.
    assert before.metrics["disparate_impact_age"] == pytest.approx(0.686, abs=5e-4)
    assert after.metrics["disparate_impact_age"] == pytest.approx(0.923, abs=5e-4)
    assert before.accuracy == pytest.approx(0.750, abs=5e-4) and after.accuracy == pytest.approx(0.747, abs=5e-4)
    assert done["fairness_sex"]["disparate_impact"] == pytest.approx(0.853, abs=5e-4)
    assert done["fairness_sex_after"]["disparate_impact"] == pytest.approx(0.958, abs=5e-4)
    explained, verdict = done["explain"]["result"], done["bless"]["result"]
    assert isinstance(explained, ExplanationReport) and isinstance(verdict, BlessingReport)
    assert [row.prediction for row in explained.instances] == ["bad risk"] * 5
    assert verdict.blessed and len(verdict.reasons) == 3


@pytest.mark.slow
def test_an_unlucky_split_is_measured_reported_and_not_blessed(tmp_path: Path) -> None:
    done = results(tmp_path, seed=7)
    assert done["bless"]["blessed"] is False
    assert [reason["text"] for reason in done["bless"]["reasons"] if not reason["holds"]] == ["accuracy > 0.7"]
