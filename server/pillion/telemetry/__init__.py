"""Figures of each job (how well draft and audit run side by side), as metrics and as a snapshot."""
