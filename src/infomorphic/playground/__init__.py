"""The playground: pages on which anyone can try partial information decomposition, without a server."""

from infomorphic.playground.pages import Page, write_playground

__all__ = ["Page", "write_playground"]
