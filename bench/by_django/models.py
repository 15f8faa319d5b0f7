"""The model as a Django developer writes it with django-fsm-2, with its log and a request key beside it."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.timezone import now
from django_fsm import FSMField, transition
from django_fsm_log.decorators import fsm_log_by


class Operation(models.Model):  # noqa: DJ008 - nobody prints it
    """One withdrawal."""

    kind = models.CharField(max_length=100)
    reference = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    stage = FSMField(default="requested", protected=True)
    status = models.CharField(max_length=10, default="pending", db_index=True)
    version = models.IntegerField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "by_django"

    @fsm_log_by
    @transition(field=stage, source=["requested", "under_review"], target="compliance_hold")
    def escalate(self, by: User | None = None) -> None:  # noqa: ARG002 - read by the log
        """To compliance."""
        self._changed()

    @fsm_log_by
    @transition(field=stage, source="compliance_hold", target="under_review")
    def clear(self, by: User | None = None) -> None:  # noqa: ARG002 - read by the log
        """Back to review."""
        self._changed()

    def _changed(self) -> None:
        self.version += 1
        self.changed_at = now()


class RequestKey(models.Model):  # noqa: DJ008 - nobody prints it
    """Which move a request key made."""

    key = models.UUIDField(primary_key=True)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, db_index=False)
    version = models.IntegerField()

    class Meta:
        app_label = "by_django"


def move_operation(number: int, by: User, key: UUID) -> None:
    """Read and lock, decide, write, log, key: one transaction."""
    with transaction.atomic():
        operation = Operation.objects.select_for_update().get(pk=number)
        if operation.stage == "compliance_hold":
            operation.clear(by=by)
        else:
            operation.escalate(by=by)
        operation.save(update_fields=["stage", "version", "changed_at"])
        RequestKey.objects.create(key=key, operation=operation, version=operation.version)
