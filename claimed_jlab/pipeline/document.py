"""The `.pipeline` document, format `claimed-pipeline/1`.

The JSON Schema in `claimed_jlab/schemas/pipeline.json` is made of these models. Fields that a later version adds are
kept when an earlier one writes the document again.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.kubernetes import Kubernetes

FORMAT: Literal["claimed-pipeline/1"] = "claimed-pipeline/1"


class BadPipeline(ClaimedError):
    """The text is no pipeline document. `diagnostics` has all that is wrong."""

    code = "bad-pipeline"

    def __init__(self, diagnostics: list[Diagnostic], where: str | None = None) -> None:
        first = diagnostics[0]
        place = ": ".join(part for part in (where, first.where) if part)
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        super().__init__(first.message + more, where=place or None, code=first.code)
        self.diagnostics = diagnostics


def _whole(number: float) -> Any:
    """A whole number without `.0`, as a browser writes it too."""
    return int(number) if number.is_integer() else number


Number = Annotated[float, PlainSerializer(_whole, return_type=Any)]
Place = tuple[Number, Number]


class DescribedBy:
    """The JSON Schema of a model for a field that takes anything: the validator says what is wrong with it.

    A document with a mistake in such a field can still be drawn and edited.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        described = handler(self._model.__pydantic_core_schema__)
        return {"anyOf": [described, {"type": "null"}]}


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow")


class PipelineParameter(_Part):
    """A value that a run may set. Without a default it must."""

    type: str = "str"
    default: Any = None
    description: str = ""


class PipelineOutput(_Part):
    """What a pipeline gives when it is a task of another: an output of one of its tasks."""

    output: str = Field(description="`task.output`")
    description: str = ""


class Source(_Part):
    """Where an input's value comes from: exactly one of the four."""

    value: Any = Field(None, description="A literal; for an artifact, a file beside the document")
    parameter: str | None = Field(None, description="A parameter of the pipeline")
    output: str | None = Field(None, description="`task.output`")
    secret: str | None = Field(None, description="Name of a secret, resolved only where the task runs")

    @model_validator(mode="after")
    def _exactly_one(self) -> Source:
        given = self.model_fields_set & {"value", "parameter", "output", "secret"}
        if len(given) != 1:
            raise ValueError("must be exactly one of value, parameter, output, secret")
        return self

    @property
    def kind(self) -> Literal["value", "parameter", "output", "secret"]:
        if "parameter" in self.model_fields_set:
            return "parameter"
        if "output" in self.model_fields_set:
            return "output"
        return "secret" if "secret" in self.model_fields_set else "value"

    @property
    def output_of(self) -> tuple[str, str] | None:
        """(task, output) when the value is another task's output."""
        if self.output is None:
            return None
        task, _, name = self.output.partition(".")
        return task, name


class ForEach(Source):
    """A list whose items a task runs for, each by itself: exactly one of value, parameter, output.

    Its outputs are collected, in the order of the items, into lists.
    """

    input: str | None = Field(None, description="The input that takes each item; without it an item is an object")
    max_parallel: int | None = Field(None, ge=1, description="How many run at once")


class Retry(_Part):
    """How often a failed task is tried again. backoff: seconds before the first retry, doubled each time."""

    attempts: int = Field(1, ge=0, le=100)
    backoff: Number = Field(1.0, ge=0)
    on: list[str] = Field(
        default_factory=list, description="Names of errors, such as ConnectionError or timeout; none: any error"
    )


class Task(_Part):
    """A component placed in a pipeline."""

    component: str
    description: str = ""
    inputs: dict[str, Source] = Field(default_factory=dict)
    when: str | None = Field(None, description="Runs only when this expression holds")
    for_each: ForEach | None = Field(None, description="Runs once for each item of a list")
    retry: Retry | None = None
    timeout: Number | None = Field(None, gt=0, description="Seconds")
    resources: dict[str, Any] | None = None
    image: str | None = Field(None, description="The container image that it runs in, where an engine runs containers")
    kubernetes: Annotated[dict[str, Any] | None, DescribedBy(Kubernetes)] = Field(
        None, description="What it asks of Kubernetes; engines without it pass it over"
    )
    cache: bool = True
    after: list[str] = Field(default_factory=list, description="Tasks that must end well before, which give it nothing")
    environment: list[str] = Field(
        default_factory=list, description="Environment variables that what it gives depends on"
    )


class Note(_Part):
    """A comment on the canvas."""

    text: str = ""
    position: Place = (0, 0)
    size: Place | None = None
    color: str | None = None


class Group(_Part):
    """Tasks that are drawn as one, and may be folded."""

    title: str = ""
    tasks: list[str] = Field(default_factory=list)
    collapsed: bool = False


class Wire(_Part):
    """How a wire is drawn: its label, and the points that it goes by."""

    label: str | None = None
    via: list[Place] | None = None


class Canvas(_Part):
    """What a canvas shows apart from tasks and their places. wires: by `task.input`."""

    notes: dict[str, Note] = Field(default_factory=dict)
    groups: dict[str, Group] = Field(default_factory=dict)
    wires: dict[str, Wire] = Field(default_factory=dict)


class Pipeline(_Part):
    """A pipeline: tasks, what feeds them, and where they stand on a canvas."""

    format: Literal["claimed-pipeline/1"] = FORMAT
    name: str
    description: str = ""
    parameters: dict[str, PipelineParameter] = Field(default_factory=dict)
    tasks: dict[str, Task] = Field(default_factory=dict)
    outputs: dict[str, PipelineOutput] = Field(default_factory=dict)
    on_exit: str | None = Field(None, description="The task that runs when all others have ended, however they did")
    timeout: Number | None = Field(None, gt=0, description="Seconds for the whole run")
    image: str | None = Field(None, description="The container image of notebooks whose task names none")
    layout: dict[str, Place] = Field(default_factory=dict)
    canvas: Canvas | None = Field(None, description="What is drawn apart from tasks; it changes no run")


def parse_pipeline(text: str, *, where: str | None = None) -> Pipeline:
    """Reads a document's text. Raises BadPipeline with every field that is wrong."""
    return pipeline_of(parse_object(text, where=where), where=where)


def pipeline_of(data: dict[str, Any], *, where: str | None = None) -> Pipeline:
    """The document that JSON's data is. Raises BadPipeline with every field that is wrong."""
    try:
        return Pipeline.model_validate(data)
    except ValidationError as error:
        raise BadPipeline([_diagnostic(item) for item in error.errors()], where) from None


def parse_object(text: str, *, where: str | None = None) -> dict[str, Any]:
    """The JSON object of a document's text, whatever is in it. Raises BadPipeline with the line that is wrong."""
    try:
        data = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or str(error)
        place = f"line {line}" if line else None
        problem = Diagnostic(level="error", code="bad-json", message=f"is not JSON: {reason}", where=place, line=line)
        raise BadPipeline([problem], where) from None
    if not isinstance(data, dict):
        problem = Diagnostic(level="error", code="bad-pipeline", message="is no pipeline: it must be a JSON object")
        raise BadPipeline([problem], where)
    return data


def read_pipeline(path: Path) -> Pipeline:
    """Reads a document's file. Raises BadPipeline, or ClaimedError when it can't be read."""
    return parse_pipeline(read_text(path), where=str(path))


def read_text(path: Path) -> str:
    """The text of a document. Raises ClaimedError when there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ClaimedError("there is no such file", where=str(path), code="no-such-file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimedError(f"can't be read: {error}", where=str(path), code="bad-pipeline") from error


def _no_number(constant: str) -> NoReturn:
    # Python reads NaN and Infinity, other programs don't, and they would be written again as null.
    raise ValueError(f"{constant} is no number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _diagnostic(item: Any) -> Diagnostic:
    place = [str(part) for part in item["loc"]]
    task = place[1] if len(place) > 1 and place[0] == "tasks" else None
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "literal_error" and place == ["format"]:
        message = f"the format is {item['input']!r}; this version reads {FORMAT!r}"
    return Diagnostic(
        level="error",
        code="bad-pipeline",
        message=message,
        where=".".join(place) or None,
        task=task,
        field=".".join(place[2:]) if task else ".".join(place),
    )
