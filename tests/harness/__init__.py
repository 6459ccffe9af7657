"""Real notebooks for tests: kernels, Jupyter servers, a browser, and servers that act as models."""
