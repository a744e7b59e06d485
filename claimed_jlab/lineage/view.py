"""The JSON of a lineage answer, as pydantic models: what `--json` and the server give out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from claimed_jlab.lineage.answer import Answer, Node
from claimed_jlab.lineage.stale import Impact


class LineageNode(BaseModel):
    """An artifact, execution or context."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Kind and ML Metadata id, as `artifact/12`.")
    kind: Literal["artifact", "execution", "context"]
    type: str = Field(description="ML Metadata type, as `system.Model`.")
    name: str
    uri: str | None = None
    state: str | None = Field(default=None, description="ML Metadata's state, as `LIVE` or `COMPLETE`.")
    run: str | None = Field(default=None, description="Of an execution: the id of its run.")


class LineageEdge(BaseModel):
    """Data that flowed from source to target."""

    model_config = ConfigDict(frozen=True)

    source: str
    target: str
    name: str | None = Field(default=None, description="The input's or output's name.")


class LineageAnswer(BaseModel):
    """Part of the lineage graph. A cut answer says so and how many nodes are missing."""

    model_config = ConfigDict(frozen=True)

    nodes: list[LineageNode]
    edges: list[LineageEdge]
    truncated: bool = False
    missing: int = Field(default=0, ge=0)

    @classmethod
    def of(cls, answer: Answer) -> LineageAnswer:
        """The answer's JSON form."""
        return cls.model_validate(asdict(answer))


_ANSWER = TypeAdapter(Answer)


def answer_json(answer: Answer) -> bytes:
    """The JSON text of `LineageAnswer`, for answers of thousands of nodes: what is right is not checked again."""
    return _ANSWER.dump_json(answer)


class LineageReason(BaseModel):
    """What changed since an artifact was made."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["input", "code", "environment"]
    execution: str = Field(description="What made the artifact, as `execution/5`.")
    name: str = Field(description="The input's name, or what changed of the code or environment, as `version`.")
    was: str | None = None
    now: str | None = Field(default=None, description="None for an input that is stale itself and was not made again.")
    text: str = Field(description="The same in one line.")


class LineageStale(BaseModel):
    """A stale artifact, and why."""

    model_config = ConfigDict(frozen=True)

    id: str
    reasons: list[LineageReason]
    newer: str | None = Field(default=None, description="Its newest version, when it was made again.")


class LineageDeployed(BaseModel):
    """An artifact that is in use, and the executions that deployed it; none where a tag says so."""

    model_config = ConfigDict(frozen=True)

    id: str
    by: list[str] = Field(default_factory=list)


class LineageImpact(LineageAnswer):
    """Everything made from an artifact, what of it is stale or deployed, and what else has the artifact's content."""

    stale: list[LineageStale] = Field(default_factory=list)
    deployed: list[LineageDeployed] = Field(default_factory=list)
    same: list[LineageNode] = Field(default_factory=list, description="Other artifacts with the same content.")

    @classmethod
    def of_impact(cls, impact: Impact, same: Iterable[Node] = ()) -> LineageImpact:
        """The impact's JSON form."""
        stale = [
            {
                "id": one.id,
                "newer": one.newer,
                "reasons": [{**asdict(reason), "text": str(reason)} for reason in one.reasons],
            }
            for one in impact.stale
        ]
        deployed = [asdict(one) for one in impact.deployed]
        fields = {"stale": stale, "deployed": deployed, "same": [asdict(node) for node in same]}
        return cls.model_validate({**asdict(impact.answer), **fields})
