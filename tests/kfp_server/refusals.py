"""Errors as the API server says them: a gRPC status that the gateway makes an HTTP answer of."""

from __future__ import annotations

from typing import Any

# gRPC code: HTTP status, as grpc-gateway maps them
HTTP_STATUS = {3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 12: 501, 13: 500, 14: 503, 16: 401}
INVALID, NOT_FOUND, EXISTS, DENIED, PRECONDITION, INTERNAL, UNAUTHENTICATED = 3, 5, 6, 7, 9, 13, 16


class Refused(Exception):
    """An error of the API. message: what KFP tells the user.  chain: what it was doing, outermost first."""

    def __init__(self, code: int, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.chain = [f"{kind}: {message}" if kind else message]

    def wrapped(self, *doing: str) -> Refused:
        """The same error with what was being done before it."""
        self.chain = [*doing, *self.chain]
        return self

    @property
    def status(self) -> int:
        return HTTP_STATUS.get(self.code, 500)

    def body(self, gateway: int) -> dict[str, Any]:
        """The JSON of it. gateway: the version of grpc-gateway."""
        text = ": ".join(self.chain)
        detail = {"@type": "type.googleapis.com/google.rpc.Status", "code": self.code, "message": self.message}
        found = {"code": self.code, "message": text, "details": [detail]}
        return {"error": text, **found} if gateway == 1 else found


def invalid(message: str) -> Refused:
    """A mistake of the user: 400."""
    return Refused(INVALID, message, "Invalid input error")


def internal(message: str, *doing: str) -> Refused:
    """500, as KFP answers many mistakes too: the message that a user sees says nothing."""
    refused = Refused(INTERNAL, "Internal Server Error")
    refused.chain = [*doing, f"InternalServerError: {message}"]
    return refused


def not_found(kind: str, name: str) -> Refused:
    """404."""
    return Refused(NOT_FOUND, f"{kind} {name} not found.", "ResourceNotFoundError")


def exists(message: str) -> Refused:
    """409."""
    return Refused(EXISTS, message, "Already exist error")
