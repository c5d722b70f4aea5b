"""Tests of pool/discovery."""
