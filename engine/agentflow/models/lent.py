"""LentModels: language models that stay open when the run that used them ends."""

from agentflow.flow.flow import LlmSettings
from agentflow.models.base import ModelClient, Models

__all__ = ["LentModels"]


class LentModels:
    """Another's models. A runner closes what it was given; these stay open for the next run."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def client(self, settings: LlmSettings) -> ModelClient:
        """The owner's client for these settings.

        Raises:
            ModelError: nothing here speaks to that provider.
        """
        return self._models.client(settings)

    async def aclose(self) -> None:
        """Nothing: the owner closes them."""
