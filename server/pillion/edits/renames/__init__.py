"""New names: which are proposed, all places of a local one, and when only the editor may rename."""
