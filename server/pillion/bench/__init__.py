"""What `pillion bench` runs. Figures are compared within one run: another machine has other milliseconds."""
