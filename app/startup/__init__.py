"""What joins the pages to the server: routes, warm-up, set-up."""
