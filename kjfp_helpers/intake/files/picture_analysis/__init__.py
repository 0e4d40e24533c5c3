"""What the pixels of a JPEG tell: earlier compression, enlargement, a small grey copy."""
