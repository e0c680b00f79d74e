"""The only readers and writers of ``data/``: tables as DataFrames, and which figure of a quantity leads."""

from kg_analysis.data.dataset import leading
from kg_analysis.data.loader import Tables, data_folder, load

__all__ = ["Tables", "data_folder", "leading", "load"]
