"""The studies that made the shipped model and its card, run by hand when a model is trained.

Neither the app nor another command imports them; requirements.txt in this folder lists their needs.
"""
