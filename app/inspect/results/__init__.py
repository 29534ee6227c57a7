"""What the Inspect page shows of the layers."""
