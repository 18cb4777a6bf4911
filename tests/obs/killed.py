"""A run that is killed between OBS's save and the rename: ``python -m tests.obs.killed PORT FILE``, password on stdin.

Writes its ledger to FILE after each change, says ``renaming`` on stdout when the rename would come, and stays there.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from tests.obs.causes import cause
from tests.obs.ledgers import MemoryLedger
from tests.obs.stand import standing
from tui_live.core.clips import Clip, ObsState
from tui_live.obs import renaming


class FileLedger(MemoryLedger):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    async def update(self, clip: Clip) -> None:
        await super().update(clip)
        self._file.write_bytes(msgspec.json.encode(self.rows))


def stay(source: Path, target: Path) -> bool:
    print("renaming", flush=True)
    sys.stdin.read()  # until whoever waits for this line is gone
    return False


async def main() -> None:
    renaming.rename = stay
    ledger = FileLedger(Path(sys.argv[2]))
    async with standing(int(sys.argv[1]), sys.stdin.readline().strip(), ledger=ledger) as stand:
        await stand.until_state(ObsState.READY)
        await asyncio.sleep(1.5)  # OBS does not tell when its buffer holds a picture
        stand.clips.ask(cause())
        await stand.until_told()


if __name__ == "__main__":
    asyncio.run(main())
