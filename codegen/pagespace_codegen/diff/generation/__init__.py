"""Migration files: what is asked for consent, how a plan is cut into files, and what the server saw of them."""
