"""The launcher. The script itself lies away from pages/, so that no page can be reached without it."""

from warehouse.web.server import make_app

app = make_app()
