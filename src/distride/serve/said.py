"""What the server says to people, in the languages of its pages."""


class Said(str):
    """A sentence in English that knows its Chinese: both stand where it is told.

    >>> Said("Yes.", "是。"), Said("Yes.", "是。").zh
    ('Yes.', '是。')
    """

    __slots__ = ("zh",)

    zh: str

    def __new__(cls, en: str, zh: str) -> "Said":
        """Both."""
        said = super().__new__(cls, en)
        said.zh = zh
        return said


def spoken(text: str, wanted: str) -> tuple[str, str]:
    """A text in the language that is wanted first, where it is known in it, and its tag.

    Args:
        text: A `Said`, or English alone, as of the library's errors.
        wanted: As a request's `Accept-Language` has it.

    >>> spoken(Said("Yes.", "是。"), "zh-CN,zh;q=0.9,en;q=0.8")
    ('是。', 'zh-CN')
    >>> spoken("No.", "zh-CN")
    ('No.', 'en')
    """
    if isinstance(text, Said) and wanted.lower().startswith("zh"):
        return text.zh, "zh-CN"
    return str(text), "en"
