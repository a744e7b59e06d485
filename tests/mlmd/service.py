"""Google's ml-metadata as a gRPC service, as Kubeflow's metadata-grpc-service is one: every method of its protocol is
answered by the library itself, over the store at a place.

service.py PLACE     prints the port once it listens, and serves until standard input ends
"""

from __future__ import annotations

import sys
from concurrent import futures
from typing import Any

import grpc
from judge import configuration
from ml_metadata.metadata_store import metadata_store
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as library
from ml_metadata.proto import metadata_store_service_pb2 as service


class Answer(grpc.GenericRpcHandler):
    def __init__(self, place: str) -> None:
        self.store = metadata_store.MetadataStore(configuration(place))
        descriptor = service.DESCRIPTOR.services_by_name["MetadataStoreService"]
        self.methods = {f"/{descriptor.full_name}/{method.name}": method for method in descriptor.methods}

    def service(self, details: Any) -> Any:
        method = self.methods.get(details.method)
        if method is None:
            return None

        def answer(request: bytes, context: Any) -> bytes:
            done, message, code = getattr(library, method.name)(self.store._metadata_store, request)
            if code:
                context.abort(grpc.StatusCode.INTERNAL, message.decode())
            return done

        return grpc.unary_unary_rpc_method_handler(answer)


def main(place: str) -> None:
    # One at a time: a connection of the library is no more than one.
    server = grpc.server(futures.ThreadPoolExecutor(1), handlers=[Answer(place)])
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0)


if __name__ == "__main__":
    main(sys.argv[1])
