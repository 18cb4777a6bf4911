// How a question finds room in a low window: drawn smaller first, then fewer lines, for a text cut short is still read.

const SMALL = 0.7;
const SMALLEST = 0.4;
const STEP = 0.05;

/** Makes `element` (with its `.text`) no higher than its stage has room for. */
export function fitted(stage, element) {
  const root = document.documentElement;
  const text = element.querySelector(".text");
  const size = (fit) => root.style.setProperty("--fit", fit.toFixed(2));
  const fits = () => {
    const { paddingTop, paddingBottom } = getComputedStyle(stage);
    return element.offsetHeight <= innerHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
  };
  text.style.webkitLineClamp = "";
  let fit = 1;
  size(fit);
  while (!fits() && fit > SMALL) size((fit -= STEP));
  let lines = Number.parseInt(getComputedStyle(text).webkitLineClamp, 10) || 1;
  while (!fits() && lines > 1) text.style.webkitLineClamp = String((lines -= 1));
  while (!fits() && fit > SMALLEST) size((fit -= STEP));
}
