"""Passwords and signatures within addresses: what a text is without them.

A URI may hold a password (`postgresql://user:password@host/…`), a token as its user (`https://token@host/…`), or be
signed in its query, as those that S3, Google Cloud, Azure, CloudFront and OSS make. Who reads such an address can open
what it names, so none leaves the machine as it is.
"""

from __future__ import annotations

import re

MASK = "***"
_PARAMETERS = (
    "x-(?:amz|goog|oss|obs|cos|ms)-(?:signature|credential|security-token|access-key-id)",
    "(?:aws|oss)?accesskeyid|googleaccessid|key-pair-id|q-signature|q-ak|sig|signature|security-token|sas-?token",
    "password|passwd|pwd|sslpassword|pass|secret|(?:client|secret|account|shared)[_-]?(?:access[_-]?)?(?:key|secret)",
    "(?:access|id|refresh|auth|private|session|bearer|api|download)[_-]?token|token|jwt",
    "api[_-]?key|apikey|access[_-]?key|auth|authorization|sharedaccesssignature",
)
# An address ends where no address goes on; an apostrophe may be in one.
_ADDRESS = re.compile(r"[^\s\"<>`]+")
_FIELD = re.compile(rf"(?i)(?<=[?&;#])((?:{'|'.join(_PARAMETERS)})=)(?!{re.escape(MASK)})[^&;#\"<>`\s]+")
# Google's keys go by a name that says nothing.
_GOOGLE_KEY = re.compile(r"(?<=[?&]key=)AIza[\w-]+")
_USER = r"(?<=://)([^/?#@:\[\s\"<>`]*:)"
# Up to the last @ before the path; in one that should have been quoted, a slash follows what is no port.
_PASSWORD = re.compile(rf"{_USER}(?!{re.escape(MASK)}@)(?:[^/?#\s\"<>`]+|(?!\d*(?:[/?#]|$))[^\s\"<>`?]+)(?=@)")
_TOKEN = re.compile(r"(?i)(?<![a-z0-9+.-])(https?://)(?!\*)[^/?#@:\s\"<>`]+(?=@)")


def without_credentials(text: str) -> str:
    """The text with `***` for every password, token and signature in an address."""
    return masked(text)[0]


def masked(text: str) -> tuple[str, int]:
    """The text without credentials, and in how many addresses there were some."""
    if "=" not in text and "@" not in text:
        return text, 0
    count = 0

    def mask(found: re.Match[str]) -> str:
        nonlocal count
        shown = _without(found[0])
        count += shown != found[0]
        return shown

    return _ADDRESS.sub(mask, text), count


def _without(address: str) -> str:
    if "@" in address and "://" in address:
        address = _TOKEN.sub(rf"\g<1>{MASK}", _PASSWORD.sub(rf"\g<1>{MASK}", address))
    if "=" in address:
        address = _GOOGLE_KEY.sub(MASK, _FIELD.sub(rf"\g<1>{MASK}", address))
    return address
