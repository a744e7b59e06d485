"""A catalog as it is kept (`Entry`) and as it is shown (`CatalogView`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["folder", "package", "git", "archive", "kfp", "elyra"]
ADDED_KINDS: tuple[Kind, ...] = ("folder", "git", "archive", "kfp", "elyra")


class Entry(BaseModel):
    """A catalog that somebody added, as `catalogs.json` keeps it."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Kind
    location: str
    ref: str | None = None
    digest: str | None = None
    fetched: str | None = None
    problem: str | None = None


class CatalogView(BaseModel):
    """A catalog as a person sees it."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Kind
    location: str = Field(description="Where it comes from: a URL or a path")
    ref: str | None = Field(None, description="Branch, tag or commit of a git repository")
    enabled: bool = True
    removable: bool = False
    outside: bool = Field(False, description="Its components ask before they first run")
    digest: str | None = Field(None, description="sha256:… of what was fetched, or git:<commit>")
    fetched: str | None = Field(None, description="When it was fetched, ISO 8601")
    components: int = 0
    origin: str = Field("", description="Who and where from, in a line")
    problem: str | None = None
