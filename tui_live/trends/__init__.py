"""Trending videos from TikTok, through TikTokApi and a browser of the user's.

Importing this package is cheap: TikTokApi and Playwright are imported when the first videos are fetched.
"""
