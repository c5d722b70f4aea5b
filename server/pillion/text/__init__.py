"""Foreign text made fit to be shown: str in, str out. What a document holds is never changed here."""
