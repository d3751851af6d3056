"""Is the journal whole?"""

from app.storage import journal


def breaks() -> list[str]:
    """Every broken link of every hash chain, in words; empty when all is whole."""
    return journal.broken_links()
