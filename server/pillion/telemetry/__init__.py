"""How well the audit rides along: figures of each job, as metrics and as a snapshot."""
