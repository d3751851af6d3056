"""流程设计: what process owners do with drafts of their county's definitions."""
