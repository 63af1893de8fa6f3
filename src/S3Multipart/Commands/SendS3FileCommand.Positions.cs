using System.Management.Automation;
using S3Multipart.Errors;

namespace S3Multipart.Commands;

/// <summary>What the arguments without names are.</summary>
public sealed partial class SendS3FileCommand
{
    /// <summary>
    /// With piped files, Path has no place: the positions move down by one. PowerShell's parameter sets cannot say so, because what is
    /// piped is bound after the positions.
    /// </summary>
    private void TakePositions()
    {
        if (!MyInvocation.ExpectingInput || !IsByPosition(nameof(Path)))
        {
            return;
        }

        if (Path is not [{ } first])
        {
            throw ParameterFailure.PathAndLiteralPath();
        }

        Queue<string> given = new([first]);
        bool isBucketByPosition = IsByPosition(nameof(BucketName));
        if (isBucketByPosition)
        {
            given.Enqueue(BucketName!);
        }

        if (IsByPosition(nameof(KeyPrefix)))
        {
            given.Enqueue(KeyPrefix!);
        }

        Path = null;
        if (BucketName is null || isBucketByPosition || IsByDefault(nameof(BucketName)))
        {
            BucketName = given.Dequeue();
        }

        if (given.TryDequeue(out string? prefix))
        {
            KeyPrefix = prefix;
        }

        if (given.Count > 0)
        {
            throw ParameterFailure.PathAndLiteralPath();
        }
    }

    /// <summary>True for an argument that was given without the name of its parameter.</summary>
    private bool IsByPosition(string parameter) => PSObject.AsPSObject(MyInvocation.BoundParameters).Properties["BoundPositionally"]?.Value
        is IEnumerable<string> names && names.Contains(parameter, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// True for a value of $PSDefaultParameterValues, which a position replaces: PowerShell binds names before the positions, and those
    /// after them.
    /// </summary>
    private bool IsByDefault(string parameter)
    {
        List<string> inOrder = [.. MyInvocation.BoundParameters.Keys];
        return inOrder.IndexOf(parameter) > inOrder.IndexOf(nameof(Path));
    }
}
