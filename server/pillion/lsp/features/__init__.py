"""One file per group of LSP requests. Each has a `register(server, …)` that gets the objects its handlers need."""
