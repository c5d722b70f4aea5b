"""New files: their names, what may be in them, and documents."""
