"""The faults a person can act on; each message names the thing, the value, what was expected and the next step.

The kind decides what an orchestrator does with it: `retryable` errors come back with time, the others need a person.
"""

from __future__ import annotations


class TaxiError(Exception):
    """Base of every fault that the platform reports in one sentence instead of a traceback."""

    retryable = False


class SettingsError(TaxiError):
    """A setting is missing, out of its bounds, or unsafe for the environment it is used in."""


class NotPublishedError(TaxiError):
    """The source has no file for the month; it may have one later."""

    retryable = True


class SourceUnavailableError(TaxiError):
    """The source did not answer, throttled us, or cut the transfer."""

    retryable = True


class LakeError(TaxiError):
    """The lake cannot take a file; the months it held are unchanged."""


class WarehouseError(TaxiError):
    """The warehouse is away, busy or full; what it held before is still there."""

    retryable = True


class BadDataError(TaxiError):
    """A file, table or request holds something that the contract refuses. Trying again gives the same answer."""


class QualityError(BadDataError):
    """A month failed a critical expectation and must not be trained on."""


class BundleError(TaxiError):
    """A model bundle is missing, damaged, or was made by other feature code."""


class OtherCodeError(BundleError):
    """A whole bundle that was made by other feature code than the one that runs."""


class ApprovalError(TaxiError):
    """A promotion needs a person's consent, and there is none for it."""


class WriterError(TaxiError):
    """The language model gave no text: away, slow, refused, or set up wrongly. Code has one in its place."""


class NothingToDo(Exception):  # noqa: N818 - not an error: the step has no work, and the sentence says why
    """Raised by a step that is rightly skipped; its text is the reason shown to people."""
