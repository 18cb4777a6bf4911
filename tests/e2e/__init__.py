"""The whole program against the stand-in for TikTok, over real sockets."""
