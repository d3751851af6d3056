"""Written scenarios played through the services on a moved clock: demonstration cases and end-to-end tests."""
