using System.Collections;
using System.Management.Automation;
using S3Multipart.Core.Text;
using S3Multipart.Errors;

namespace S3Multipart.Commands;

/// <summary>What the parameters name: the target of an error, a bucket beside an object that has its own, a key.</summary>
public abstract partial class S3Cmdlet
{
    private const string BucketParameter = "BucketName";

    /// <summary>Refuses another bucket than that of the upload, unless it is the one that the session names for all cmdlets.</summary>
    private protected void CheckBucketGiven(string own, string target)
    {
        if (FindOtherBucket(own) is { } other)
        {
            throw ParameterFailure.BucketNameDiffers(other, target);
        }
    }

    /// <summary>The bucket that the call names and that is another; null where it names none, or $PSDefaultParameterValues does.</summary>
    private protected string? FindOtherBucket(string own) =>
        MyInvocation.BoundParameters.GetValueOrDefault(BucketParameter) is string given && given != own && !IsDefault(given) ? given : null;

    private bool IsDefault(string value) =>
        GetVariableValue("PSDefaultParameterValues") is IDictionary defaults
        && defaults.Keys.Cast<object>().Any(key => key is string text && IsForBucket(text)
            && (defaults[key] is ScriptBlock || LanguagePrimitives.Equals(defaults[key], value)));

    /// <summary>True for a key of $PSDefaultParameterValues, as in *-S3*:BucketName, that is for the bucket of this cmdlet.</summary>
    private bool IsForBucket(string key) =>
        key.Split(':', 2) is [var command, var parameter]
        && WildcardPattern.Get(command.Trim(), WildcardOptions.IgnoreCase).IsMatch(MyInvocation.MyCommand.Name)
        && WildcardPattern.Get(parameter.Trim(), WildcardOptions.IgnoreCase).IsMatch(BucketParameter);

    /// <summary>What the call is about as far as its parameters say: a file, or else s3://bucket/key.</summary>
    private string? NamedTarget()
    {
        IReadOnlyDictionary<string, object> bound = MyInvocation.BoundParameters;

        // Where files are piped, what was bound to Path by its position is something else.
        object? file = bound.GetValueOrDefault("LiteralPath") ?? (MyInvocation.ExpectingInput ? null : bound.GetValueOrDefault("Path"));
        return file is string[] files ? files.FirstOrDefault()
            : file as string
            ?? bound.GetValueOrDefault("Upload")?.ToString()
            ?? (bound.GetValueOrDefault("BucketName") is string bucket ? S3Uri.Of(bucket, bound.GetValueOrDefault("Key") as string) : null);
    }

    /// <summary>Warns of what is no separator in a key, though it is one in a path.</summary>
    private protected void WarnOfBackslash(string parameter, string? text)
    {
        if (text?.Contains('\\', StringComparison.Ordinal) == true)
        {
            WriteWarning($"-{parameter} has a backslash, which is a character like any other in a key, and no separator of folders: "
                + $"for those write '{text.Replace('\\', '/')}'.");
        }
    }
}
