"""Values, lifecycles and refusals. Plain Python: nothing here knows a database, a browser or the engine."""
