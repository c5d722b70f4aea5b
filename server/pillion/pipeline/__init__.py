"""A job, from a snapshot to an edit and findings: draft and audit in one task group."""
