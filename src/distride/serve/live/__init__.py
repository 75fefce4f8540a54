"""Sessions that are sent and watched while they run, as `docs/live.md` says."""

from distride.serve.live.room import Room
from distride.serve.live.sending import receive_session
from distride.serve.live.watching import tell_watcher

__all__ = ["Room", "receive_session", "tell_watcher"]
