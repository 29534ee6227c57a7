"""A picture in place of a drawing: chosen, dropped, pasted, taken or one of the operator's."""
