"""Type checkers: what they report of a draft and didn't report of the text before."""
