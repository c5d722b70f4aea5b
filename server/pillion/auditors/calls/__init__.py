"""What a draft calls that deletes, executes or sends."""
