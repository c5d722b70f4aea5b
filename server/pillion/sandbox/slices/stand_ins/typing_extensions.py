"""The same as typing."""

from typing import *
