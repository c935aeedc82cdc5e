"""The playground: pages on which anyone can try partial information decomposition, without a server."""

from infomorphic.playground.pages import PAGES, Page, write_playground

__all__ = ["PAGES", "Page", "write_playground"]
