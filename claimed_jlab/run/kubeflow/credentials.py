"""Where the credential of a cluster is kept: the system's keyring, an environment variable, or a mounted file.

It is read when it is needed and kept nowhere else: in no document, run, log, and no answer to a browser.
"""

from __future__ import annotations

import os
from pathlib import Path

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.engines import Credential
from claimed_jlab.run.kubeflow.settings import SERVICE_ACCOUNT_TOKEN, KubeflowSettings

_SERVICE = "claimed-jlab kubeflow"
_TOKEN_PATH_VARIABLE = "KF_PIPELINES_SA_TOKEN_PATH"


class NoCredential(ClaimedError):
    """There is no credential where the settings say that it is."""

    code = "no-credential"


def read(settings: KubeflowSettings) -> str:
    """The token, password or cookie. Raises NoCredential."""
    if settings.sign_in == "service-account":
        return _of_file(settings.credential_name or os.environ.get(_TOKEN_PATH_VARIABLE) or SERVICE_ACCOUNT_TOKEN)
    if settings.credential_from == "environment":
        return _of_variable(settings.credential_name)
    if settings.credential_from == "file":
        return _of_file(settings.credential_name)
    found = _of_keyring(settings)
    if not found:
        raise NoCredential(
            "the keyring has none for this cluster", where="credential", hint="sign in: set it in the engine's settings"
        )
    return found


def describe(settings: KubeflowSettings) -> Credential:
    """Where the credential is, without it."""
    why_not = _why_no_keyring()
    name = settings.credential_name or None
    found = Credential(kind=settings.sign_in, name=name, storable=why_not is None, why_not=why_not)
    if settings.sign_in == "none":
        return found
    place = "file" if settings.sign_in == "service-account" else settings.credential_from
    try:
        read(settings)
    except ClaimedError as error:
        return found.model_copy(update={"why_not": str(error) if place != "keyring" else why_not})
    return found.model_copy(update={"is_set": True, "kept_in": place})


def keep(settings: KubeflowSettings, credential: str | None) -> None:
    """Keeps a credential in the keyring; None forgets it. Raises NoCredential where there is no keyring."""
    why_not = _why_no_keyring()
    if why_not is not None:
        raise NoCredential(why_not, where="credential")
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if credential:
            keyring.set_password(_SERVICE, _account(settings), credential)
        else:
            keyring.delete_password(_SERVICE, _account(settings))
    except PasswordDeleteError:
        return  # there was none
    except KeyringError as error:
        raise NoCredential(f"the keyring refuses: {error}", where="credential") from None


def _of_variable(name: str) -> str:
    if not name:
        raise NoCredential("name the environment variable that holds it", where="credential_name")
    value = os.environ.get(name, "").strip()
    if not value:
        raise NoCredential(
            f"the environment variable {name} is empty", where="credential_name", hint="set it where Jupyter is started"
        )
    return value


def _of_file(path: str) -> str:
    if not path:
        raise NoCredential("name the file that holds it", where="credential_name")
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NoCredential(f"{path} can't be read: {reason}", where="credential_name") from None
    if not value:
        raise NoCredential(f"{path} is empty", where="credential_name")
    return value


def _of_keyring(settings: KubeflowSettings) -> str | None:
    if _why_no_keyring() is not None:
        return None
    import keyring
    from keyring.errors import KeyringError

    try:
        found: str | None = keyring.get_password(_SERVICE, _account(settings))
        return found
    except KeyringError as error:
        raise NoCredential(f"the keyring refuses: {error}", where="credential") from None


def _account(settings: KubeflowSettings) -> str:
    """A password of one cluster, user and way must not be sent to another."""
    return f"{settings.sign_in} {settings.user}@{settings.endpoint}".replace(" @", " ")


def _why_no_keyring() -> str | None:
    other = "keep it in an environment variable or a file"
    try:
        import keyring
        from keyring.backends import fail
    except ImportError:
        return f"the keyring library is not installed: {other}, or pip install keyring"
    if isinstance(keyring.get_keyring(), fail.Keyring):
        return f"this system has no keyring: {other}"
    return None
