"""Text only: what is said where a model takes no tools and no images."""

from agentflow.errors import ModelError
from agentflow.models.base import ModelRequest

__all__ = ["refuse_more_than_text"]


def refuse_more_than_text(request: ModelRequest, model: str) -> None:
    """Refuse what would be lost in silence.

    Raises:
        ModelError: the request offers tools, or shows images.
    """
    fix = 'take an endpoint that speaks as OpenAI does, such as [llm] provider = "ollama"'
    if request.tools:
        raise ModelError(f"{model} cannot call tools", fix=fix)
    if any(it.images for it in request.messages):
        raise ModelError(f"{model} cannot be shown images", fix=fix)
