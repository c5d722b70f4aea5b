"""A minimal pygls server, with which Pillion's start is compared."""

import logging

from pygls.lsp.server import LanguageServer

if __name__ == "__main__":
    logging.getLogger("pygls").setLevel(logging.ERROR)
    LanguageServer("bare", "0").start_io()
