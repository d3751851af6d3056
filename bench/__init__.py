"""`make bench`: what a click costs on the real county, over HTTP, against a bare floor in the same run."""
