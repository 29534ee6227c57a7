"""How light and dark a picture is: falling light, the threshold, which of both is the ink."""
