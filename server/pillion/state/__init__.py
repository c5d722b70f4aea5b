"""What outlives a process: kept drafts, the log of unfinished drafts, dismissals."""
