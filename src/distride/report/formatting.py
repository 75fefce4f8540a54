"""How a number is written; the same in both languages."""

ABSENT = "–"


def score(value: float | None) -> str:
    """A score as a coach reads it.

    >>> score(0.8937), score(None)
    ('0.89', '–')
    """
    return ABSENT if value is None else f"{value:.2f}"


def score3(value: float | None) -> str:
    """A score as a scientist reads it.

    >>> score3(0.8937)
    '0.894'
    """
    return ABSENT if value is None else f"{value:.3f}"


def percent(value: float | None) -> str:
    """A share.

    >>> percent(0.914)
    '91%'
    """
    return ABSENT if value is None else f"{100 * value:.0f}%"


def points(value: float | None) -> str:
    """A difference of scores in percentage points, always signed.

    >>> points(0.046), points(-0.0121), points(-0.0001)
    ('+4.6', '−1.2', '0.0')
    """
    if value is None:
        return ABSENT
    written = f"{100 * value:+.1f}"
    return "0.0" if float(written) == 0 else written.replace("-", "−")


def signed(value: float | None) -> str:
    """A difference in a unit of its own, three digits, always signed.

    >>> signed(1.234), signed(-12.0), signed(0.0)
    ('+1.23', '−12', '0')
    """
    if value is None:
        return ABSENT
    written = f"{value:+.3g}"
    return "0" if float(written) == 0 else written.replace("-", "−")


def quantity(value: float | None, unit: str = "") -> str:
    """A value in its unit, three digits.

    >>> quantity(5.2345, "bpm"), quantity(71.26), quantity(None, "bpm")
    ('5.23 bpm', '71.3', '–')
    """
    return ABSENT if value is None else f"{value:.3g} {unit}".rstrip()


def whole(value: float | None) -> str:
    """A count.

    >>> whole(8252)
    '8,252'
    """
    return ABSENT if value is None else f"{value:,.0f}"


def plain(value: float | None) -> str:
    """A quantity without superfluous digits.

    >>> plain(3.0), plain(1.2e-6)
    ('3', '1.2e-06')
    """
    return ABSENT if value is None else f"{value:.4g}"


def large(value: float | None) -> str:
    """A count that may be very large.

    >>> large(21432), large(3_120_000)
    ('21.4 k', '3.1 M')
    """
    for limit, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value is not None and abs(value) >= limit:
            return f"{value / limit:.1f}{suffix}"
    return whole(value)


def size(value: float | None) -> str:
    """Bytes.

    >>> size(84_213), size(512)
    ('84.2 kB', '512 B')
    """
    return ABSENT if value is None else f"{large(value)}B" if value >= 1000 else f"{value:.0f} B"


def duration(seconds: float | None) -> str:
    """A stretch of time, from microseconds to hours.

    >>> [duration(seconds) for seconds in (0.000152, 0.0034, 2.5, 192.0, 7260.0)]
    ['152 µs', '3.4 ms', '2.5 s', '3 min 12 s', '2 h 1 min']
    """
    if seconds is None:
        return ABSENT
    if seconds < 1:
        return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms"
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def pretty(label: str) -> str:
    """A class name without its underscores.

    >>> pretty("walking_treadmill_flat")
    'walking treadmill flat'
    """
    return label.replace("_", " ").strip() or label


def ends(pair: tuple[float, float] | None) -> str:
    """An interval of scores.

    >>> ends((0.861, 0.932))
    '0.861–0.932'
    """
    return ABSENT if pair is None else f"{pair[0]:.3f}–{pair[1]:.3f}"


def short(value: float) -> str:
    """A tick of an axis.

    >>> short(0.7), short(0.65)
    ('0.7', '0.65')
    """
    return f"{value:.2f}".removesuffix("0") if abs(value) < 10 else plain(value)
