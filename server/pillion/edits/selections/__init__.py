"""Edits of what is selected: statements, several symbols, a whole file; and what must stay around them."""
