"""The demo room: a synthetic district to try everything on, and its removal. Nobody here exists."""
