"""Jobs without an editor: their states, their service, and what they need from the front that started them."""
