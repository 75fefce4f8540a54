"""Distride: from recordings of many athletes to one small model for each athlete."""
