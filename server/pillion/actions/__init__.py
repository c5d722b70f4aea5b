"""One file an action: its row, what the model is asked, and the words with which people mean it."""
