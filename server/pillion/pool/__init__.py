"""Lane → live endpoint: who is healthy, who goes first, and what happens when one fails."""
