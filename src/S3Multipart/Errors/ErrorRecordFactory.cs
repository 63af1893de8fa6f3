using System.Management.Automation;
using System.Text;
using S3Multipart.Core.Errors;

namespace S3Multipart.Errors;

/// <summary>Makes the one kind of error record that this module writes.</summary>
internal static class ErrorRecordFactory
{
    internal static ErrorRecord Make(Exception exception, object? target)
    {
        S3MultipartException failure = exception switch
        {
            S3MultipartException own => own,
            IOException or UnauthorizedAccessException => Failure.InputNotReadable(exception),
            _ => Failure.UnexpectedFailure(exception),
        };
        ErrorCategory category = Enum.Parse<ErrorCategory>(failure.Kind.ToString());
        return new ErrorRecord(failure, failure.ErrorId, category, target)
        {
            ErrorDetails = new ErrorDetails(Describe(failure)) { RecommendedAction = failure.RecommendedAction ?? "" },
        };
    }

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
