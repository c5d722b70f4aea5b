"""An AnsweringProtocol that also sends requests, and sends only plain strings."""

import asyncio
from typing import Any

from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound

from pillion.errors import PillionError
from pillion.rpc.answering_protocol import AnsweringProtocol
from pillion.rpc.outgoing_messages import made_plain


class ClientRefusedError(PillionError):
    """The client answered a request with an error."""


class ClientLacksError(ClientRefusedError):
    """The client doesn't know the request."""


class PlainProtocol(AnsweringProtocol):
    """See the module."""

    async def ask(self, method: str, params: Any) -> Any:
        """Sends a request to the client, and gives its answer. Cancelling the caller doesn't cancel the request: a late
        answer would find a cancelled future and raise in pygls (#621).

        Raises:
            ClientRefusedError: the client answers with an error; ClientLacksError if it doesn't know the request.
        """
        try:
            return await asyncio.shield(self.send_request_async(method, params))
        except JsonRpcMethodNotFound as exc:
            raise ClientLacksError(f"the editor doesn't do {method}") from exc
        except JsonRpcException as exc:
            raise ClientRefusedError(f"the editor said: {exc}") from exc

    def _send_data(self, data: Any) -> None:
        """Every sent message goes through here. `_serialize_message` handles the parts that aren't data yet."""
        super()._send_data(made_plain(data))

    def _serialize_message(self, data: Any) -> Any:
        """An object of lsprotocol's types, as plain data."""
        return made_plain(super()._serialize_message(data))
