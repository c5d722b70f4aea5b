"""What a prompt or a check may know of the workspace beyond the open document: the index of what its files define."""
