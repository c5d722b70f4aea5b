"""One file per group of LSP requests; each has a `register(server, …)` that closes over what it needs."""
