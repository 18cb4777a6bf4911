"""Where events come from: connecting through TikTokLive, decoding, and staying connected."""
