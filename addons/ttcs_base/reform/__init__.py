from .moves import Moves
from .naming import Arriving, names_in_new_parent
from .nearest import Point, nearest

__all__ = ["Arriving", "Moves", "Point", "names_in_new_parent", "nearest"]
