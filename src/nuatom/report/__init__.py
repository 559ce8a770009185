"""The report: tables and figures on one self-contained page."""

from nuatom.report.page import render

__all__ = ["render"]
