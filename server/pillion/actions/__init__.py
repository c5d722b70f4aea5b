"""The actions, one file each: an action's row, its question to the model, and the words with which people mean it."""
