"""What a picture file tells: compression, enlargement, private metadata, a small grey copy."""
