"""The findings in a draft, and the only code that moves them."""
