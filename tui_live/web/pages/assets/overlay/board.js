// The leaderboard as data: what the server said, put together.

/**
 * The state after a message: `{cards: Map(id → card), order: [id], scoring, people, paused}`. The same object when
 * the message says nothing new or is not for a leaderboard; a difference before the first whole state says nothing.
 */
export function merged(state, message) {
  if (message.t === "board") {
    const cards = new Map((message.cards ?? []).map((card) => [card.id, card]));
    return {
      cards,
      order: [...cards.keys()],
      scoring: message.scoring ?? 0,
      people: message.people ?? 0,
      paused: message.paused ?? false,
    };
  }
  if (message.t !== "board+" || state === null) return state;
  const known = new Map(state.cards);
  for (const card of message.cards ?? []) known.set(card.id, card);
  const order = [...new Set(message.order ?? state.order)].filter((id) => known.has(id));
  return {
    cards: new Map(order.map((id) => [id, known.get(id)])), // who left is forgotten
    order,
    scoring: message.scoring ?? state.scoring,
    people: message.people ?? state.people,
    paused: message.paused ?? state.paused,
  };
}
