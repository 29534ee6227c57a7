"""What connects the pages to the server: routes, warm-up, set-up."""
