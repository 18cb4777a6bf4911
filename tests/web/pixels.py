"""What is really on a screenshot: looked at by Chromium itself, for want of an image library."""

from __future__ import annotations

import base64
from typing import Any, TypedDict

from playwright.async_api import Page

#: How far a colour is from the key in OBS's chroma key filter (distance in CbCr), by its own matrix. With its default
#: settings a pixel keeps its opacity from 0.48 on, and its colour from 0.5 on.
KEPT = 0.5
KEYS = {"green": (0, 255, 0), "magenta": (255, 0, 255), "blue": (0, 0, 255)}
_LOOK = """
async ([png, boxes, key]) => {
  const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }), { premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const chroma = (r, g, b) => [
    (-0.100644 * r - 0.338572 * g + 0.439216 * b) / 255, (0.439216 * r - 0.398942 * g - 0.040274 * b) / 255,
  ];
  const [u, v] = chroma(...key);
  const inside = (x, y) => boxes.some((box) => x >= box.x - 1 && x < box.x + box.width + 1
    && y >= box.y - 1 && y < box.y + box.height + 1);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  const answer = { nearest: [9, 0, 0, ""], foreign: 0, clear: 0, opaque: true, looked: 0 };
  for (const box of boxes) {
    const [left, top] = [Math.ceil(box.x), Math.ceil(box.y)];
    for (let y = top; y < Math.floor(box.y + box.height); y += 1) {
      for (let x = left; x < Math.floor(box.x + box.width); x += 1) {
        // A rounded corner is not inside.
        const dx = Math.min(x - box.x, box.x + box.width - 1 - x);
        const dy = Math.min(y - box.y, box.y + box.height - 1 - y);
        if (dx < 2 || dy < 2 || (dx < box.round && dy < box.round)) continue;
        const at = 4 * (y * width + x);
        const [cb, cr] = chroma(data[at], data[at + 1], data[at + 2]);
        const far = Math.hypot(cb - u, cr - v);
        answer.looked += 1;
        if (data[at + 3] !== 255) answer.opaque = false;
        if (far < answer.nearest[0]) answer.nearest = [far, x, y, [...data.slice(at, at + 3)].join(",")];
      }
    }
  }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (inside(x, y)) continue;
      const at = 4 * (y * width + x);
      if (data[at + 3] === 0) answer.clear += 1;
      else if (data[at] !== key[0] || data[at + 1] !== key[1] || data[at + 2] !== key[2]) answer.foreign += 1;
    }
  }
  return answer;
}
"""


class Look(TypedDict):
    """``nearest``: the least distance from the key inside the boxes, where, and which colour.

    ``foreign``: pixels outside that are neither clear nor the key; ``clear``: pixels outside with alpha 0.
    """

    nearest: tuple[float, int, int, str]
    foreign: int
    clear: int
    opaque: bool
    looked: int


async def look(table: Page, page: Page, boxes: str, key: tuple[int, int, int]) -> Look:
    """A screenshot's pixels inside and outside of the elements ``boxes`` (a CSS selector), looked at on ``table``."""
    png = await page.screenshot(omit_background=True)
    found: Any = await page.evaluate(
        """(boxes) => [...document.querySelectorAll(boxes)].map((element) => {
            const { x, y, width, height } = element.getBoundingClientRect();
            return { x, y, width, height, round: parseFloat(getComputedStyle(element).borderTopLeftRadius) || 0 };
        })""",
        boxes,
    )
    answer: Look = await table.evaluate(_LOOK, [base64.b64encode(png).decode(), found, list(key)])
    return answer
