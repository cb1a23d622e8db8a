"""What a person can do: rows that become menus, shortcuts and the toolbar."""
