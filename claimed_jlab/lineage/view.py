"""The JSON of a lineage answer, as pydantic models: what `--json` and the server give out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from claimed_jlab.lineage.answer import Answer


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
