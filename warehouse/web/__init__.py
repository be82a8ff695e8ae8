"""The dashboard's server side: safe settings, the one open warehouse, the route for commands, the shell of the pages."""
