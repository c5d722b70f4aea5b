"""Text without a tree: lines, replacements, rebase, fences, Markdown, and foreign text made safe to show."""
