"""The measurements of `pillion bench`. Compare figures of one run only: another machine has other milliseconds."""
