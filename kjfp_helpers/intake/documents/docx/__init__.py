"""Parser of Word documents (.docx)."""
