namespace S3Multipart.Core.Errors;

/// <summary>What sort of failure it is. The names are those of PowerShell's ErrorCategory, which Core does not know.</summary>
internal enum FailureKind
{
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    ObjectNotFound,
    ResourceExists,
    ResourceBusy,
    ResourceUnavailable,
    PermissionDenied,
    AuthenticationError,
    SecurityError,
    ConnectionError,
    OperationTimeout,
    LimitsExceeded,
    ReadError,
    WriteError,
    ProtocolError,
    NotImplemented,
}
