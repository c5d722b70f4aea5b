"""Jobs without an editor: their states, their service, and what they need of the front that started them."""
