// How many places the window has room for, and how large they may be.

const REM = 16;
/** Below so many rem a column's cards put the score under the name; below the least they are drawn smaller. */
const WIDE_REM = 33;
const LEAST_REM = 24;
/** The smallest that is still read, and in a narrow column: beyond it fewer places are drawn, not smaller ones. */
const SMALLEST = 0.58;
const SMALLEST_NARROW = 0.7;
const STEP = 0.02;
/** One column is drawn smaller down to this before a second one is begun. */
const COLUMN_FIT = 0.7;

/** `{rows, columns, fit, narrow}` for so many cards, or for as many as there is room for; `fit` multiplies the address's own scale. */
export function arrangement(board, count) {
  const root = getComputedStyle(document.documentElement);
  const style = getComputedStyle(board);
  const scale = Number(root.getPropertyValue("--scale")) || 1;
  const rem = (name, from) => Number.parseFloat(from.getPropertyValue(name)) || 0;
  const [wide, high] = [rem("--card-wide", style), rem("--card-narrow", style)];
  const [gap, margin, head] = [rem("--gap", style), rem("--margin", root), rem("--head", style)];

  const tried = (fit) => {
    const unit = REM * scale * fit;
    const height = innerHeight / unit - 2 * margin - head + gap;
    const width = innerWidth / unit - 2 * margin;
    const narrow = width < WIDE_REM;
    const rows = Math.max(1, Math.floor(height / (narrow ? high : wide)));
    return { fit, narrow, rows, most: Math.max(1, Math.floor(width / WIDE_REM)) };
  };
  const answer = ({ fit, narrow, rows }, columns) => ({ rows: Math.min(rows, Math.max(1, count)), columns, fit, narrow });

  const widest = Math.min(1, (innerWidth / (REM * scale) - 2 * margin) / LEAST_REM);
  const smallest = Math.min(tried(SMALLEST).narrow ? SMALLEST_NARROW : SMALLEST, widest);
  for (let fit = widest; fit >= COLUMN_FIT * widest; fit -= STEP) {
    const one = tried(fit);
    if (one.rows >= count) return answer(one, 1);
  }
  for (let fit = widest; fit > smallest; fit -= STEP) {
    const some = tried(fit);
    if (some.rows * some.most >= count) return answer(some, Math.ceil(count / some.rows));
  }
  const least = tried(smallest);
  return answer(least, Math.min(least.most, Math.ceil(count / least.rows)));
}
