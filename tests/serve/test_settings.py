from pathlib import Path

import pytest

from distride.serve import ServerError, Settings


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("", ""),
        ("https://gym.example", "https://gym.example"),
        ("https://gym.example/", "https://gym.example"),
        ("HTTPS://Gym.Example:443", "https://gym.example"),
        ("https://gym.example:", "https://gym.example"),
        ("http://gym.example:80", "http://gym.example"),
        ("http://gym.example:443", "http://gym.example:443"),
        ("https://gym.example:8443/", "https://gym.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://健身.example", "https://xn--nyq113m.example"),
    ],
)
def test_an_address_is_told_as_browsers_write_it(tmp_path: Path, url: str, origin: str) -> None:
    assert Settings(tmp_path, url=url).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "gym.example",
        "ftp://gym.example",
        "https://",
        "https:///",
        "https://:443",
        "https://gym.example/phone",
        "https://gym.example?a=b",
        "https://gym.example#a",
        "https://kim@gym.example",
        "https://gym.example:99999",
        "https://[::1",
        "https://gym..example",
    ],
)
def test_what_nobody_can_open_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ServerError, match="is no address that people can open"):
        Settings(tmp_path, url=url)
