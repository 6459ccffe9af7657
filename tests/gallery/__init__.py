"""Scenes that show each kind of answer, and the tools that draw and check them in JupyterLab."""
