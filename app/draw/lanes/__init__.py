"""The lanes of the Draw page, in the browser and on the server."""
