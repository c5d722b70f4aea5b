"""A robust JSON-RPC server on top of pygls: it splits, checks and answers messages, and makes their strings plain."""
