"""Small tools shared by every phase."""
