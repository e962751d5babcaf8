from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "jinjiang_portal.files"
    label = "files"
