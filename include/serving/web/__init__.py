"""How HTTP is spoken here: problems, media types, documents."""
