"""TikTok's wire format: protobuf classes, push frames and batches, without any connection."""
