"""The one file that leaves training, and the personal heads that fit it."""
