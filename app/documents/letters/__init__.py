"""Official papers from .docx templates that an office edits in WPS: read, checked, filled in, shown, made into PDF."""
