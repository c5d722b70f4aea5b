"""Comments in code: which of a draft are new, and how they come into the user's code."""
