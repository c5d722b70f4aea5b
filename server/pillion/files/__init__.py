"""How files are read and written: what isn't ours needn't be a file, nor small, nor stay what it was."""
