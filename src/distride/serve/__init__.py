"""The server: accounts, and what is kept of each athlete (extra `serve`)."""

from distride.serve.app import create_app
from distride.serve.process import configuration, held
from distride.serve.settings import Limits, ServerError, Settings
from distride.serve.state import Server

__all__ = ["Limits", "Server", "ServerError", "Settings", "configuration", "create_app", "held"]
