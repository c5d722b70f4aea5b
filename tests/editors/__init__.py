"""Pillion in real editors. `make test-editors` installs them and runs this; `make test` leaves it out."""
