"""What the language's own linter says of an edit."""
