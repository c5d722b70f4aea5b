"""The language server: what an editor says, in the types of lsprotocol. How messages come and go is rpc/."""
