"""Addresses of the people in the stations."""

from django.urls import path

from staffing.views import day, people, review

app_name = "staffing"
urlpatterns = [
    path("logs/", day.WeekView.as_view(), name="log-week"),
    path("logs/today/", day.TodayView.as_view(), name="log-today"),
    path("logs/all/", review.LogListView.as_view(), name="log-list"),
    path("logs/day/<str:day>/", day.DayView.as_view(), name="log-day"),
    path("logs/day/<str:day>/lines/", day.LineAddView.as_view(), name="line-add"),
    path("logs/day/<str:day>/submit/", day.SubmitView.as_view(), name="log-submit"),
    path("logs/day/<str:day>/withdraw/", day.WithdrawView.as_view(), name="log-withdraw"),
    path("logs/lines/<uuid:pk>/remove/", day.LineRemoveView.as_view(), name="line-remove"),
    path("logs/<uuid:pk>/", review.LogDetailView.as_view(), name="log-detail"),
    path("logs/<uuid:pk>/correct/", review.CorrectionView.as_view(), name="log-correct"),
    path("review/logs/", review.ReviewView.as_view(), name="log-review"),
    path("review/logs/batch/", review.BatchView.as_view(), name="log-batch"),
    path("review/logs/<uuid:pk>/", review.DecideView.as_view(), name="log-decide"),
    path("staff/", people.StaffListView.as_view(), name="staff-list"),
    path("staff/<uuid:pk>/", people.StaffDetailView.as_view(), name="staff-detail"),
    path("staff/<uuid:pk>/reveal/", people.StaffRevealView.as_view(), name="staff-reveal"),
    path("vacancies/", people.VacancyListView.as_view(), name="vacancy-list"),
]
