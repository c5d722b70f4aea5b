"""From a draft to an edit that fits the document as it is now."""
