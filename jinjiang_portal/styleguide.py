from django.views.generic import TemplateView

from jinjiang_portal import access


class StyleguideView(access.Guarded, TemplateView):
    action = "system.styleguide"
    template_name = "styleguide.html"
