"""The settings of an engine: the user's own, what the site's configuration fixes, and the defaults.

The user's are `$CLAIMED_HOME/engines/<name>.json`, which holds no credential. The site's are
`c.ClaimedApp.engines = {"kubeflow": {"endpoint": …}}` in Jupyter's configuration; they count first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from claimed_jlab.configuration import site_configuration
from claimed_jlab.errors import ClaimedError
from claimed_jlab.paths import home, writable_home
from claimed_jlab.wholefile import write_whole

M = TypeVar("M", bound=BaseModel)


class BadSettings(ClaimedError):
    """A setting that is not there, or has a value that can't be."""

    code = "bad-settings"


def site_settings() -> dict[str, Any]:
    """What the site's configuration says of engines, by their names, for a program that is no Jupyter server.

    Raises BadConfiguration for a configuration file that can't be read.
    """
    engines = site_configuration().get("engines", {})
    return {str(name): dict(values) for name, values in dict(engines).items()}


def load(name: str, model: type[M], site: Mapping[str, Any]) -> M:
    """The settings of an engine. Raises BadSettings with the file, or the site's field, that is wrong."""
    path = _path(name)
    return _valid(model, {**_read(path), **site}, str(path))


def save(name: str, model: type[M], site: Mapping[str, Any], values: Mapping[str, Any]) -> M:
    """Changes the user's own settings and returns them all. Raises BadSettings with the field that is wrong."""
    unknown = sorted(set(values) - set(model.model_fields))
    if unknown:
        known = ", ".join(model.model_fields)
        raise BadSettings(f"there is no setting {unknown[0]!r}", where=unknown[0], hint=f"there are: {known}")
    for field in sorted(set(values) & set(site)):
        if values[field] != site[field]:
            raise BadSettings("is fixed by the site's configuration", where=field)
    given = {**_read(_path(name)), **{field: value for field, value in values.items() if field not in site}}
    found = _valid(model, {**given, **site}, None)
    kept = {field: value for field, value in found.model_dump(mode="json").items() if field in given}
    writable_home()
    write_whole(_path(name), json.dumps(kept, indent=2) + "\n")
    return found


def changed(model: type[M], now: M, values: Mapping[str, Any] | None) -> M:
    """Settings with other values, not kept. Raises BadSettings with the field that is wrong."""
    return _valid(model, {**now.model_dump(), **(values or {})}, None) if values else now


def _path(name: str) -> Path:
    return home() / "engines" / f"{name}.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadSettings(f"can't be read: {error}", where=str(path), hint="mend it, or remove it") from None
    if not isinstance(data, dict):
        raise BadSettings("is no JSON object", where=str(path), hint="mend it, or remove it")
    return data


def _valid(model: type[M], values: Mapping[str, Any], where: str | None) -> M:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        message = str(first["msg"]).removeprefix("Value error, ")
        place = f"{where}: {field}" if where and field else where or field
        raise BadSettings(message, where=place) from None
