"""Reading code with tree-sitter: languages, the symbol around a place, the units of a stream."""
