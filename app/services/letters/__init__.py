"""Official papers: what a template may name, what it is filled with, and how a step issues the paper."""
