"""FEEL, run by bpmn.io's own interpreter in V8: what the browser evaluates is what the server evaluates."""
