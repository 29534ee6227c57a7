"""Tests of app/inspect/picture/hunt."""
