"""Every error that the engine raises on purpose.

AgentFlowError                         catch this to catch everything raised on purpose
 x FlowFileError                       the file cannot be read, or not be written, as a flow
   + FlowSyntaxError                   not TOML, or made to hurt the reader
   + FieldError                        a value of the wrong kind
   + SaveError                         the file on disk is left as it was
 x FlowCheckError                      well-formed, but must not run
 x SetupError                          the flow cannot be made ready to run
   + AgentNotFoundError
   + DuplicateAgentError
   + UnknownModeError
   + MissingSecretError
   + NotAllowedError
   + NoEditorError
 x RunError                            a run, or a step of it, failed
   + AgentFailedError
   + CircuitOpenError
   + TooManyFailuresError
   + OrchestrationTimeoutError
   + NoRouteError
   + LoopExhaustedError
   + HopLimitError
   + ConditionError
   + TemplateError
   + HookFailedError
   + MergeError
   + StrategyError
   + FailedBeforeError
 x ModelError                          a language model could not answer
 x ToolError                           a server, program or person did not do what an agent asked
 x JournalError                        the record of a run cannot be kept or believed
 x MemoryFileError                     what agents remember cannot be kept or read
 x DiscoveryError                      an extension that offers nothing

Each class writes its own sentence (where: what; how to fix it) from facts that stay as attributes.
"""

from agentflow.errors.base import AgentFlowError, one_of
from agentflow.errors.flow_file import (
    FieldError,
    FlowCheckError,
    FlowFileError,
    FlowSyntaxError,
    SaveError,
)
from agentflow.errors.outside import (
    DiscoveryError,
    JournalError,
    MemoryFileError,
    ModelError,
    ToolError,
)
from agentflow.errors.run import (
    AgentFailedError,
    CircuitOpenError,
    ConditionError,
    FailedBeforeError,
    HookFailedError,
    HopLimitError,
    LoopExhaustedError,
    MergeError,
    NoRouteError,
    OrchestrationTimeoutError,
    RunError,
    StrategyError,
    TemplateError,
    TooManyFailuresError,
)
from agentflow.errors.setup import (
    AgentNotFoundError,
    DuplicateAgentError,
    MissingSecretError,
    NoEditorError,
    NotAllowedError,
    SetupError,
    UnknownModeError,
)

__all__ = [
    "AgentFailedError",
    "AgentFlowError",
    "AgentNotFoundError",
    "CircuitOpenError",
    "ConditionError",
    "DiscoveryError",
    "DuplicateAgentError",
    "FailedBeforeError",
    "FieldError",
    "FlowCheckError",
    "FlowFileError",
    "FlowSyntaxError",
    "HookFailedError",
    "HopLimitError",
    "JournalError",
    "LoopExhaustedError",
    "MemoryFileError",
    "MergeError",
    "MissingSecretError",
    "ModelError",
    "NoEditorError",
    "NoRouteError",
    "NotAllowedError",
    "OrchestrationTimeoutError",
    "RunError",
    "SaveError",
    "SetupError",
    "StrategyError",
    "TemplateError",
    "TooManyFailuresError",
    "ToolError",
    "UnknownModeError",
    "one_of",
]
