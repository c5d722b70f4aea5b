"""One file per wire dialect: bytes become events. The only place that imports httpx or starts an engine."""
