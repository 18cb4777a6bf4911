"""Overlay pages in a real Chromium: ``_browser.py PORT COUNT SECONDS NAME`` prints when they showed NAME's scores.

An empty line says that all are open.

A score counts as shown when the page has drawn it: two frames after the text was changed, because the first one's
callbacks run before that frame is painted. Times are those of ``time.time()``: one clock for the whole machine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ADDRESSES = ("/overlay?stream=flood", "/overlay?stream=flood&top=10&background=transparent")
#: Notes ``[text, changed, presented]`` of whoever bears the name.
_WATCH = """(name) => {
  const now = () => performance.timeOrigin + performance.now();
  window.seen = [];
  let last = "";
  const look = () => {
    for (const card of document.querySelectorAll(".cards > .card")) {
      if (card.querySelector(".name").textContent !== name) continue;
      const text = card.querySelector(".score").textContent;
      if (text === last) return;
      last = text;
      const entry = [text, now(), 0];
      seen.push(entry);
      requestAnimationFrame(() => requestAnimationFrame(() => { entry[2] = now(); }));
      return;
    }
  };
  new MutationObserver(look).observe(document.querySelector(".cards"),
    { subtree: true, childList: true, characterData: true });
  window.frameTimes = [];
  let before = now();
  const frame = () => { const at = now(); frameTimes.push(at - before); before = at; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""


def start(port: int, count: int, seconds: float, name: str) -> subprocess.Popen[str] | None:
    """Open so many pages for so long; ``None`` where no Chromium, or no Playwright, is installed."""
    program = next((path for each in _NAMES if (path := shutil.which(each))), None)
    if program is None or not count:
        return None
    command = [sys.executable, __file__, str(port), str(count), str(seconds), name, program]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _run(port: int, count: int, seconds: float, name: str, program: str) -> list[dict[str, Any]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        pages = []
        for number in range(count):
            page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
            page.goto(f"http://127.0.0.1:{port}{_ADDRESSES[number % len(_ADDRESSES)]}")
            page.wait_for_selector(".cards > .card")
            page.evaluate(_WATCH, name)
            pages.append(page)
        print(flush=True)
        time.sleep(seconds)
        found = [page.evaluate("() => ({ seen, frames: frameTimes })") for page in pages]
        browser.close()
    return found


if __name__ == "__main__":
    print(json.dumps(_run(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5])))
