"""A BPMN diagram as a picture, drawn without a browser: SVG of our own making, and the same as PDF."""

from app.documents.pictures.marks import Badge, Frame, Marks, Tone
from app.documents.pictures.pdf import PictureUnavailableError, pdf_of
from app.documents.pictures.picture import draw

__all__ = ["Badge", "Frame", "Marks", "PictureUnavailableError", "Tone", "draw", "pdf_of"]
