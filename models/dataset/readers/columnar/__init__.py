"""Parquet and Arrow files, of pictures as the dataset hubs keep them, or of pixels."""
