"""Written scenarios played through the services on a moved clock: demo cases, end-to-end tests, later the studio's try-outs."""
