"""What the commands share: their options, how they end, tables and progress."""
