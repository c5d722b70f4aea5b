"""A robust JSON-RPC server made of pygls: messages are cut, checked, answered and made plain here."""
