using System.Management.Automation;
using System.Text;
using S3Multipart.Core.Errors;

namespace S3Multipart.Errors;

/// <summary>Makes the one kind of error record that this module writes.</summary>
internal static class ErrorRecordFactory
{
    internal static ErrorRecord Make(Exception exception, object? target)
    {
        S3MultipartException failure = exception as S3MultipartException ?? Unexpected(exception);
        ErrorCategory category = Enum.Parse<ErrorCategory>(failure.Kind.ToString());
        return new ErrorRecord(failure, failure.ErrorId, category, target)
        {
            ErrorDetails = new ErrorDetails(Describe(failure)) { RecommendedAction = failure.RecommendedAction ?? "" },
        };
    }

    private static S3MultipartException Unexpected(Exception exception) => exception is IOException or UnauthorizedAccessException
        ? new S3MultipartException("InputNotReadable", FailureKind.ReadError, exception.Message, exception)
        {
            RecommendedAction = "Check the disk and the permissions, and whether another program holds the file.",
        }
        : new S3MultipartException("UnexpectedFailure", FailureKind.InvalidOperation, exception.Message, exception)
        {
            RecommendedAction = "Report this to the maintainers of the module, with the text of $Error[0].Exception.ToString().",
        };

    private static string Describe(S3MultipartException failure)
    {
        // One line, whatever S3 or the system put into it.
        StringBuilder text = new(
            string.Join(' ', failure.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        if (failure is S3ServiceException { RequestId: { Length: > 0 } id })
        {
            _ = text.Append(" (request id ").Append(id).Append(')');
        }

        return text.ToString();
    }
}
