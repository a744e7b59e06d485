"""What a task asks of Kubernetes: volumes, secrets, places to run, how its image is got, words on its pod.

Names follow Kubernetes' own rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_OBJECT = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_QUANTITY = re.compile(r"\d+(\.\d+)?([kMGTPE]i?)?")
_VARIABLE = re.compile(r"[-._A-Za-z][-._A-Za-z0-9]*")
_KEY = re.compile(r"[-._A-Za-z0-9]+")
_OBJECT_LETTERS = 253


def _object(text: str) -> str:
    if not _OBJECT.fullmatch(text) or len(text) > _OBJECT_LETTERS:
        raise ValueError(f"{text!r} is no name in Kubernetes: use small letters, digits, - and .")
    return text


def _path(text: str) -> str:
    if not text.startswith("/") or ":" in text or text != text.strip():
        raise ValueError(f"{text!r} is no path in a container: it begins with / and has no :")
    return text


def _volume(text: str) -> str:
    if not _LABEL.fullmatch(text):
        raise ValueError(f"{text!r} is no name of a volume: use at most 63 small letters, digits and -")
    return text


def _qualified(text: str) -> str:
    if not _QUALIFIED.fullmatch(text):
        raise ValueError(
            f"{text!r} is no key of a label: use letters, digits, -, _ and ., after a domain and / if need be"
        )
    return text


def _value(text: str) -> str:
    if not _VALUE.fullmatch(text):
        raise ValueError(f"{text!r} is no value of a label: use at most 63 letters, digits, -, _ and .")
    return text


def _variable(text: str) -> str:
    if not _VARIABLE.fullmatch(text):
        raise ValueError(f"{text!r} is no name of an environment variable")
    return text


def _reference(text: str) -> str:
    name, slash, key = text.partition("/")
    _object(name)
    if slash and not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key: write name/key")
    return text


def _size(text: str) -> str:
    if not _QUANTITY.fullmatch(text):
        raise ValueError(f"{text!r} is no size: write it like 1Gi or 500M")
    return text


ObjectName = Annotated[str, AfterValidator(_object)]
MountPath = Annotated[str, AfterValidator(_path)]
LabelKey = Annotated[str, AfterValidator(_qualified)]
LabelValue = Annotated[str, AfterValidator(_value)]
Variable = Annotated[str, AfterValidator(_variable)]
Reference = Annotated[str, AfterValidator(_reference)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow")


class SecretVolume(_Part):
    """A secret whose keys are files in a folder of the container."""

    secret: ObjectName
    path: MountPath
    optional: bool = False


class ConfigMapVolume(_Part):
    """A ConfigMap whose keys are files in a folder of the container."""

    config_map: ObjectName
    path: MountPath
    optional: bool = False


class Volume(_Part):
    """A PersistentVolumeClaim in a folder of the container."""

    claim: ObjectName
    path: MountPath
    sub_path: str = ""
    read_only: bool = False


class EmptyDir(_Part):
    """A folder that lives as long as the pod. medium: Memory for one that is in memory."""

    name: Annotated[str, AfterValidator(_volume)]
    path: MountPath
    medium: Literal["Memory", "HugePages"] | None = None
    size: Annotated[str, AfterValidator(_size)] | None = None


class Toleration(_Part):
    """Lets the task run where a taint keeps others away. seconds: how long it stays when a NoExecute comes."""

    key: LabelKey | None = None
    operator: Literal["Equal", "Exists"] | None = None
    value: LabelValue | None = None
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    seconds: int | None = None

    @model_validator(mode="after")
    def _sound(self) -> Toleration:
        if not self.key and self.operator != "Exists":
            raise ValueError("a toleration without a key needs the operator Exists, which tolerates every taint")
        if self.operator == "Exists" and self.value:
            raise ValueError("a toleration with the operator Exists takes no value")
        if self.seconds is not None and self.effect != "NoExecute":
            raise ValueError("seconds go with the effect NoExecute only")
        return self


class Match(_Part):
    """What must hold of a node."""

    key: str = Field(min_length=1)
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]
    values: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _sound(self) -> Match:
        if self.operator in ("In", "NotIn") and not self.values:
            raise ValueError(f"{self.operator} needs values")
        if self.operator in ("Exists", "DoesNotExist") and self.values:
            raise ValueError(f"{self.operator} takes no values")
        if self.operator in ("Gt", "Lt") and not (len(self.values) == 1 and re.fullmatch(r"-?\d+", self.values[0])):
            raise ValueError(f"{self.operator} takes one whole number as its value")
        return self


class NodeAffinity(_Part):
    """Nodes where the task must run; with a weight, where it had better run."""

    match_expressions: list[Match] = Field(default_factory=list, description="Of a node's labels")
    match_fields: list[Match] = Field(default_factory=list, description="Of a node's fields, such as metadata.name")
    weight: int | None = Field(None, ge=1, le=100)

    @model_validator(mode="after")
    def _sound(self) -> NodeAffinity:
        if not self.match_expressions and not self.match_fields:
            raise ValueError("a node affinity needs match_expressions or match_fields")
        return self


class Kubernetes(_Part):
    """What a task asks of Kubernetes."""

    secrets_as_env: dict[Variable, Reference] = Field(
        default_factory=dict, description="Environment variables from secrets: variable to secret/key"
    )
    secrets_as_volumes: list[SecretVolume] = Field(default_factory=list, description="Folders of secrets")
    config_maps_as_env: dict[Variable, Reference] = Field(
        default_factory=dict, description="Environment variables from ConfigMaps: variable to map/key"
    )
    config_maps_as_volumes: list[ConfigMapVolume] = Field(default_factory=list, description="Folders of ConfigMaps")
    volumes: list[Volume] = Field(default_factory=list, description="PersistentVolumeClaims, and their folders")
    empty_dirs: list[EmptyDir] = Field(default_factory=list, description="Folders that live as long as the pod")
    node_selector: dict[LabelKey, LabelValue] = Field(
        default_factory=dict, description="Labels that the node must have"
    )
    tolerations: list[Toleration] = Field(default_factory=list, description="Taints that do not keep the task away")
    node_affinity: list[NodeAffinity] = Field(default_factory=list, description="Where it must, or had better, run")
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] | None = None
    image_pull_secrets: list[ObjectName] = Field(default_factory=list, description="Secrets by which the image is got")
    labels: dict[LabelKey, LabelValue] = Field(default_factory=dict, description="Labels of the pod")
    annotations: dict[LabelKey, str] = Field(default_factory=dict, description="Annotations of the pod")


def parse_kubernetes(given: Any) -> Kubernetes:
    """What a document's task asks of Kubernetes. Raises ValidationError."""
    return Kubernetes.model_validate(given or {})


def problems(given: Any) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it in words) of what a task asks of Kubernetes."""
    try:
        parse_kubernetes(given)
    except ValidationError as error:
        for item in error.errors():
            yield ".".join(str(part) for part in item["loc"] if part != "[key]"), _words(item)


def unknown_fields(given: Any) -> Iterator[str]:
    """Fields that no part has: of a later version, or mistyped."""
    try:
        yield from _extra(parse_kubernetes(given), "")
    except ValidationError:
        return


def image_problem(image: str) -> str | None:
    """Why a text is no container image's name, in words; None when it is one."""
    if _IMAGE.fullmatch(image):
        return None
    return f"{image!r} is no container image: write it like registry.example.org/team/name:1.0"


_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_IMAGE = re.compile(
    rf"(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?/)?{_PART}(?:/{_PART})*(?::\w[\w.-]{{0,127}})?(?:@[A-Za-z0-9+._-]+:[0-9a-fA-F]{{32,}})?",
    re.ASCII,
)


def _words(item: Any) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "missing":
        return f"{item['loc'][-1]!r} is missing"
    if item["type"] == "literal_error":
        return f"{item['input']!r} is none of {item['ctx']['expected'].replace(' or ', ', ')}"
    return message[:1].lower() + message[1:] if message.startswith("Input") else message


def _extra(part: BaseModel, place: str) -> Iterator[str]:
    for name in part.model_extra or {}:
        yield f"{place}{name}"
    for name in type(part).model_fields:
        value = getattr(part, name)
        for number, item in enumerate(value if isinstance(value, list) else []):
            if isinstance(item, BaseModel):
                yield from _extra(item, f"{place}{name}.{number}.")
