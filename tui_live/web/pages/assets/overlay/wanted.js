// What a page's own address asks for.

/** How many places a leaderboard has: `top`, or `count`, which says the same; 0 where neither makes sense. */
export function places(search = location.search) {
  const query = new URLSearchParams(search);
  for (const name of ["top", "count"]) {
    const wanted = Number(query.get(name));
    if (Number.isInteger(wanted) && wanted >= 1) return Math.min(wanted, 100);
  }
  return 0;
}
