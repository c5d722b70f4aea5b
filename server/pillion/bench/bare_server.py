"""The least a pygls server can be: what Pillion's start is measured against."""

import logging

from pygls.lsp.server import LanguageServer

if __name__ == "__main__":
    logging.getLogger("pygls").setLevel(logging.ERROR)
    LanguageServer("bare", "0").start_io()
