"""What each page can look like: functions that bring a page, just opened, into a state."""
