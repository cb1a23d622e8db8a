"""Where a person begins: the welcome page and the gallery of templates."""
