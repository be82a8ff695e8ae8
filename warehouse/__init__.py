"""The warehouse behind the service-quality dashboard: intake, datasets, ledger, indicators, scorecard. Knows nothing of Streamlit, but for `web`."""

from pathlib import Path

__version__ = "0.1.0"

_BUNDLE = Path(__file__).parent / "_bundle"

#: Where app.py, pages/ and sql/ lie: beside the package in a checkout, inside it when installed from a wheel.
PROJECT = _BUNDLE if _BUNDLE.exists() else Path(__file__).resolve().parent.parent
