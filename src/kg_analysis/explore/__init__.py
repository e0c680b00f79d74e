"""Panels and sortable tables for JupyterLab: what an analyst turns and sorts; no batch run imports them."""
