"""A real HTTP server that plays an engine, with rates, slots, a prefix cache, faults and a log."""
