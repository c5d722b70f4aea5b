"""Which names a text binds and uses, scope by scope; one file of rules a language family."""
