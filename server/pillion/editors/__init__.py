"""The set-ups that `pillion editor` prints and installs."""
