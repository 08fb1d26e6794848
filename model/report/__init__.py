"""The page and its figures, in English and Chinese; nothing is computed here."""
