"""Conditions of an application for a skill level: what is asked, and whether it holds. Pure."""
