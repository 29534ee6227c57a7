"""HTTP: static files, headers, the page's HTML, request limits."""
