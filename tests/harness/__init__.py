"""Real notebooks for tests: kernels, Jupyter servers, a browser and a model that keeps time."""
