// How things come, go and travel. Only transforms: half-transparent pixels over a key colour would take its tint.
// The system's wish for less motion is not asked: it is the streamer's machine, and the viewers' show.

export const TRAVEL_MS = 700;
export const POP_IN_MS = 450;
export const POP_OUT_MS = 280;

const SETTLE = "cubic-bezier(0.2, 0.8, 0.2, 1)";
const SPRING = "cubic-bezier(0.3, 1.5, 0.5, 1)";

/** From where it was seen (`from`) to where it belongs (`to`, both DOMRects). */
export function travel(element, from, to, duration = TRAVEL_MS) {
  const [x, y] = [from.left - to.left, from.top - to.top];
  if (Math.abs(x) < 1 && Math.abs(y) < 1) return;
  const animation = element.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], {
    id: "travel",
    duration,
    easing: SETTLE,
  });
  // Who rises passes in front of those who fall.
  element.style.zIndex = y > 0 ? "3" : "2";
  animation.onfinish = () => (element.style.zIndex = "");
}

export function popIn(element) {
  element.animate([{ transform: "scale(0)" }, { transform: "none" }], {
    id: "in",
    duration: POP_IN_MS,
    easing: SPRING,
  });
}

/** Leaves, and is taken out of the page: by `gone` where somebody wants to know. */
export function popOut(element, gone = () => element.remove()) {
  if (document.hidden) {
    gone(); // animations of a hidden page stand still
    return;
  }
  const animation = element.animate([{ transform: "none" }, { transform: "scale(0)" }], {
    id: "out",
    duration: POP_OUT_MS,
    easing: "ease-in",
    fill: "forwards",
  });
  animation.onfinish = gone;
}

/** A short swell that says "this changed"; one at a time. */
export function pulse(element) {
  if (document.hidden || element.getAnimations().length > 0) return;
  element.animate([{ transform: "none" }, { transform: "scale(1.14)" }, { transform: "none" }], {
    id: "pulse",
    duration: 320,
    easing: "ease-out",
  });
}

/** Calls `draw` in the next frame, however often it is asked before; a hidden page draws when it is seen again. */
export function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
