"""Numbers by rising value, without keeping others waiting while they are sorted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence

from gateway.core.numbers import Msisdn
from gateway.pacing import Pace

# How many are sorted at once, one of how many is a sample, and how many samples there are from
# one cut through all chunks to the next.
_CHUNK = 2_000
_SAMPLED = 200
_SAMPLES = 5


async def in_order(numbers: Sequence[Msisdn], most: int, pace: Pace) -> AsyncIterator[list[Msisdn]]:
    """Give them sorted, `most` at once."""
    chunks: list[list[int]] = []
    for start in range(0, len(numbers), _CHUNK):
        chunks.append(sorted(map(int, numbers[start : start + _CHUNK])))
        await pace.rest()
    page: list[int] = []
    begins = [0] * len(chunks)
    for cut in [*_cuts(chunks), None]:
        for place, chunk in enumerate(chunks):
            begin = begins[place]
            end = len(chunk) if cut is None else bisect_left(chunk, cut, begin)
            page += chunk[begin:end]
            begins[place] = end
        await pace.rest()
        # What was left over is below the rest; runs that are sorted already are merged.
        page.sort()
        done = len(page) - len(page) % most if cut is not None else len(page)
        for start in range(0, done, most):
            yield [Msisdn(str(one)) for one in page[start : min(start + most, done)]]
            await pace.rest()
        del page[:done]


def _cuts(chunks: Sequence[Sequence[int]]) -> list[int]:
    """Choose values between which there are some thousand numbers, over all chunks.

    Each chunk is sampled at other places than the one before, as all may be alike.
    """
    samples = sorted(
        value
        for place, chunk in enumerate(chunks)
        for value in chunk[place * 7 % _SAMPLED :: _SAMPLED]
    )
    return samples[_SAMPLES::_SAMPLES]
