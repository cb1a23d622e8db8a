"""How everything looks: themes, fonts, icons, the style sheet."""
