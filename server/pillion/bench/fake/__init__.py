"""A fake inference engine: a real HTTP server in a process of its own, with rates, slots, faults and a log."""
