"""What a component is: its name, what goes in, what comes out, what it needs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from claimed_jlab.component.edits import Fix
from claimed_jlab.component.types import PortType, parse_type


class Diagnostic(BaseModel):
    """One doubt or mistake, and where it is. An `error` makes the thing unusable."""

    model_config = ConfigDict(frozen=True)

    level: Literal["error", "warning", "info"]
    code: str
    message: str
    where: str | None = None
    task: str | None = None
    field: str | None = None
    cell: int | None = Field(None, description="Number of the cell, from 1")
    line: int | None = Field(None, description="Line in the cell, from 1")
    fix: Fix | None = Field(None, description="A change of the notebook that ends the doubt")

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class _Port(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    description: str = ""
    inferred: bool = Field(False, description="Read from the code, not declared")
    cell: int | None = Field(None, description="Number of the cell that it was found in, from 1")
    line: int | None = Field(None, description="Line in the cell, from 1")
    fix: Fix | None = Field(None, description="A change of the notebook that declares what is inferred")

    @property
    def port_type(self) -> PortType:
        return parse_type(self.type)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def kind(self) -> Literal["parameter", "artifact"]:
        return self.port_type.kind


class InputSpec(_Port):
    """A value or an artifact that a component takes."""

    default: Any = None
    optional: bool = False
    convention: Literal["parameters", "environment"] = Field(
        "parameters", description="How the notebook takes it: a papermill cell, or os.environ"
    )

    prefix: bool = Field(
        False, description="Put before the paths of artifacts, so it is empty where artifacts are given"
    )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def alias(self) -> str:
        """The name as an identifier, for places that take no other."""
        safe = "".join(letter if letter.isalnum() else "_" for letter in self.name.strip())
        return f"_{safe}" if not safe or safe[0].isdigit() else safe

    @computed_field  # type: ignore[prop-decorator]
    @property
    def choices(self) -> list[Any] | None:
        return list(self.port_type.choices) or None

    @property
    def secret(self) -> bool:
        return self.port_type.name == "Secret"


class OutputSpec(_Port):
    """A value or an artifact that a component makes.

    An artifact's path comes to the notebook as the variable of the same name; `default` is its file name.
    """

    default: Any = None
    convention: Literal["parameters", "environment"] = "parameters"


class Container(BaseModel):
    """What a component runs that is no notebook. Words are texts, or KFP's placeholders as data."""

    model_config = ConfigDict(frozen=True)

    image: str
    command: tuple[Any, ...] = ()
    args: tuple[Any, ...] = ()
    env: dict[str, Any] = Field(default_factory=dict)


class ComponentSpec(BaseModel):
    """A component: everything about it that can be said without running it."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str = ""
    description: str = ""
    version: str = "0.1.0"
    category: str = ""
    group: str = ""
    tags: tuple[str, ...] = ()
    license: str = ""
    author: str = ""
    requirements: tuple[str, ...] = ()
    kernel: str = Field("", description="The kernelspec that the notebook names")
    language: str = Field("python", description="The language of the notebook, in lower case")
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    container: Container | None = Field(None, description="What runs, where there is no notebook")
    path: str = Field("", description="The notebook; of a container component, its YAML file")
    digest: str = Field("", description="blake3 of the code that runs")
    catalog: str = ""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def reference(self) -> str:
        """How a pipeline names it: `category/name@version`."""
        prefix = f"{self.category}/" if self.category else ""
        return f"{prefix}{self.name}@{self.version}"

    def input(self, name: str) -> InputSpec | None:
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> OutputSpec | None:
        return next((port for port in self.outputs if port.name == name), None)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(item for item in self.diagnostics if item.level == "error")


class ListedComponent(ComponentSpec):
    """A component as a catalog lists it: what this machine lacks to run it, and where it comes from."""

    missing: tuple[str, ...] = ()
    install: str = ""
    origin: str = Field("", description="Who made it and where from, in a line")
    outside: bool = Field(False, description="From a place that nobody here put or installed")
    trusted: bool = Field(True, description="May run without being asked about")
