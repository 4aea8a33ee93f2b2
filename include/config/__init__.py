"""Typed settings."""

from include.config.settings import ROOT, SERVICES, Service, Settings, get_settings, load_settings

__all__ = ["ROOT", "SERVICES", "Service", "Settings", "get_settings", "load_settings"]
