"""What can go wrong with a catalog that a person can mend."""

from __future__ import annotations

from claimed_jlab.errors import ClaimedError


class CatalogError(ClaimedError):
    """A catalog that can't be added, fetched or changed."""

    code = "bad-catalog"


class BadLocation(CatalogError):
    """The text is no place that a catalog can be fetched from."""

    code = "bad-location"


class UnknownCatalog(CatalogError):
    """There is no catalog of that name."""

    code = "unknown-catalog"


class CatalogExists(CatalogError):
    """There is a catalog of that name already."""

    code = "catalog-exists"


class FetchFailed(CatalogError):
    """The place can't be reached, or what it answers is no catalog."""

    code = "fetch-failed"


class NotKfp(CatalogError):
    """The file is no YAML, or no component of Kubeflow Pipelines."""

    code = "not-a-kfp-component"
