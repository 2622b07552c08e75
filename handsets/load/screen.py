"""Where the progress of a run is shown: redrawn in a terminal, a line now and then elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from handsets.load.watch import Watch

_EVERY_S: Final = 5


class Screen:
    """Shows a watch's lines; a context manager."""

    def __init__(self, console: Console, quiet: bool = False) -> None:
        """Show on this console; nothing if `quiet`."""
        self._console = console
        self._quiet = quiet
        self._live: Live | None = None
        self._seconds = 0

    def __enter__(self) -> Screen:
        if self._console.is_terminal and not self._quiet:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, watch: Watch) -> None:
        """Show how it goes; called every second."""
        self._seconds += 1
        if self._live is not None:
            self._live.update(Text("\n".join(watch.lines())), refresh=True)
        elif not self._quiet and self._seconds % _EVERY_S == 0:
            self.say(watch.line())

    def say(self, line: str) -> None:
        """Print a line that stays."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
