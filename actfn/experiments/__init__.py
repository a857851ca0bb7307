"""Small numpy networks that show what an activation and an initial scale do; every result is frozen numbers."""
