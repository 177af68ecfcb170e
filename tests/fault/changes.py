"""What is done to a router while something else goes wrong."""

import copy


class Change:
    """One call; undo brings its router back to where it may be made again."""

    def __init__(self, name, method, target, body, undo):
        self.name = name
        self.request = (method, target, body)
        self.undo = undo  # another request

    def make(self, place):
        return place.call(*self.request)

    def back(self, place):
        answer = place.call(*self.undo)
        assert answer.status in (200, 201), (self.name, "cannot go back", answer)


def changes(path, body, other):
    """Add, change and remove of one resource: with body, then as in other."""
    whole = {**copy.deepcopy(body), **other}
    options = {"allow_reset": True}
    return [Change("add", "PUT", path, body, ("DELETE", path, None)),
            Change("change", "PUT", path, {**whole, **options},
                   ("PUT", path, {**body, **options})),
            Change("remove", "DELETE", path, None, ("PUT", path, body))]


def prepared(place, change, first):
    """The router has what the change needs; first: a body that makes it so."""
    if change.name != "add":
        answer = place.call("PUT", change.request[1], first)
        assert answer.status in (200, 201), (change.name, "cannot prepare", answer)
