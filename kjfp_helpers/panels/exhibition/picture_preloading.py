"""Pictures made small beforehand, while a person looks at the item on screen."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from kjfp_helpers.core.records import Picture
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.panels.exhibition.exhibit_card import show_picture


class PicturePreparation:
    """Makes small copies in a thread of its own; only what was asked for last is made."""

    def __init__(self, received: ReceivedFolder) -> None:
        self._received = received
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kjfp-pictures")
        self._waiting: list[Future[str]] = []

    def prepare(self, wanted: Iterable[tuple[Picture | None, int]]) -> None:
        """Make pictures with so long a side, in order; what waits from before is dropped."""
        for future in self._waiting:
            future.cancel()
        self._waiting = [
            self._thread.submit(show_picture, self._received, picture, edge)
            for picture, edge in wanted
            if picture is not None
        ]
