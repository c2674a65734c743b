"""Runs a notebook and writes it with what its cells gave: notebook.py FROM TO.

A cell that fails ends it. The kernel is this Python, whatever others there are.
"""

import sys

import nbformat
from nbclient import NotebookClient
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec


class Kernel(KernelManager):
    @property
    def kernel_spec(self):
        return KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], display_name="Python", language="python")


source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
NotebookClient(notebook, km=Kernel(), timeout=300, startup_timeout=300).execute()
for cell in notebook.cells:
    cell.metadata.pop("execution", None)  # when it ran
nbformat.write(notebook, target)
