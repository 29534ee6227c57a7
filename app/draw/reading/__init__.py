"""What is read of a picture by all lanes: the posted answers, the server's, and the figures."""
