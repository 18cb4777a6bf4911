// How many places the window has room for, and how large they may be.

const REM = 16;
/** Below so many rem a column's cards put the score under the name; below the least they are drawn smaller. */
const WIDE_REM = 33;
const LEAST_REM = 24;
const SMALLEST = 0.4;
const STEP = 0.02;
/** One column is drawn smaller down to this before a second one is begun. */
const COLUMN_FIT = 0.7;

/** `{rows, columns, fit, narrow}` for so many cards; `fit` multiplies the address's own scale. */
export function arrangement(board, count) {
  const root = getComputedStyle(document.documentElement);
  const style = getComputedStyle(board);
  const scale = Number(root.getPropertyValue("--scale")) || 1;
  const rem = (name, from) => Number.parseFloat(from.getPropertyValue(name)) || 0;
  const [card, gap, margin] = [rem("--card-height", style), rem("--gap", style), rem("--margin", root)];
  const head = document.documentElement.dataset.theme === "minimal" ? 3.25 : 4.4;

  const tried = (fit) => {
    const unit = REM * scale * fit;
    const height = innerHeight / unit - 2 * margin - head + gap;
    const width = innerWidth / unit - 2 * margin;
    return { unit, width, rows: Math.max(1, Math.floor(height / card)), most: Math.max(1, Math.floor(width / WIDE_REM)) };
  };
  const widest = Math.min(1, (innerWidth / (REM * scale) - 2 * margin) / LEAST_REM);
  const answer = (fit, rows, columns) => ({
    rows: Math.min(rows, Math.max(1, count)),
    columns,
    fit,
    narrow: tried(fit).width / columns < WIDE_REM,
  });

  for (let fit = widest; fit >= COLUMN_FIT * widest; fit -= STEP) {
    if (tried(fit).rows >= count) return answer(fit, tried(fit).rows, 1);
  }
  for (let fit = widest; fit >= SMALLEST * widest; fit -= STEP) {
    const { rows, most } = tried(fit);
    if (rows * most >= count) return answer(fit, rows, Math.ceil(count / rows));
  }
  const { rows, most } = tried(SMALLEST * widest);
  return answer(SMALLEST * widest, rows, most);
}
