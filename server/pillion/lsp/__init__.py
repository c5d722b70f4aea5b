"""The language server: handles an editor's messages, in the types of lsprotocol. rpc/ sends and receives them."""
