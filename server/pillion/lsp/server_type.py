"""The server's type, apart from how it is put together, so that features can name it."""

from pygls.lsp.server import LanguageServer

from pillion.lsp.protocol import PillionProtocol


class PillionServer(LanguageServer):
    """A language server that speaks through PillionProtocol."""

    protocol: PillionProtocol
