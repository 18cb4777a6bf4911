// A burst of paper for the winner: opaque, in the page's own colours, which no key takes out; gone after two seconds.

const PIECES = 46;

/** Bursts from an element, and makes it jump. */
export function celebrate(layer, element) {
  if (layer.childElementCount > 0) return;
  const { left, top, width, height } = element.getBoundingClientRect();
  const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  for (let number = 0; number < PIECES; number += 1) {
    const piece = document.createElement("i");
    piece.style.left = `${left + width * Math.random()}px`;
    piece.style.top = `${top + height / 2}px`;
    layer.append(piece);
    fly(piece, unit);
  }
  element.animate([{ transform: "none" }, { transform: "scale(1.06)" }, { transform: "none" }], {
    id: "jump",
    duration: 500,
    iterations: 3,
    easing: "ease-in-out",
  });
  // Not when the animations end: those of a hidden page never do.
  setTimeout(() => layer.replaceChildren(), 2600);
}

function fly(piece, unit) {
  const [x, up] = [(Math.random() - 0.5) * 36 * unit, (6 + Math.random() * 12) * unit];
  const turn = (Math.random() - 0.5) * 1440;
  piece.animate(
    [
      { transform: "translate(0, 0) scale(0)", easing: "cubic-bezier(0.1, 0.7, 0.4, 1)" },
      { transform: `translate(${x * 0.7}px, ${-up}px) rotate(${turn / 2}deg)`, offset: 0.4, easing: "cubic-bezier(0.5, 0, 0.9, 0.5)" },
      { transform: `translate(${x}px, 120vh) rotate(${turn}deg)` },
    ],
    { duration: 1700 + Math.random() * 700, fill: "forwards" },
  );
}
