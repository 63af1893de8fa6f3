using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Completers;

/// <summary>Completes from a list of S3's values. The list only helps: values that S3 has later are taken too.</summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    private readonly string[] _values;

    private protected ValueCompleter(params string[] values) => _values = values;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = new((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return _values.Where(pattern.IsMatch)
            .Select(value => new CompletionResult(value, value, CompletionResultType.ParameterValue, value));
    }
}

/// <summary>Completes -StorageClass.</summary>
public sealed class StorageClassCompleter() : ValueCompleter(StorageClasses.Names);

/// <summary>Completes -CannedACL.</summary>
public sealed class CannedAclCompleter()
    : ValueCompleter("private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
        "bucket-owner-full-control");

/// <summary>Completes -ChecksumAlgorithm.</summary>
public sealed class ChecksumAlgorithmCompleter()
    : ValueCompleter("CRC64NVME", "CRC32C", "CRC32", "SHA256", "SHA1", "SHA512", "XXHASH128", "XXHASH3", "XXHASH64", "MD5");

/// <summary>Completes -ObjectLockMode.</summary>
public sealed class ObjectLockModeCompleter() : ValueCompleter("GOVERNANCE", "COMPLIANCE");
