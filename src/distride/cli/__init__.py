"""The command line: each verb is a thin layer over the library."""

from distride.cli.app import app, main

__all__ = ["app", "main"]
