"""Studies of the model that ships. Neither the app nor the gate imports them."""
