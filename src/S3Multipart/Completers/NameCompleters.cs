using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using S3Multipart.Errors;

namespace S3Multipart.Completers;

/// <summary>
/// Completes names that S3 or the profiles know, by the connection that the line names so far. Completes nothing when they cannot be
/// found within a moment.
/// </summary>
public abstract class NameCompleter : IArgumentCompleter
{
    private readonly NameKind _kind;

    private protected NameCompleter(NameKind kind) => _kind = kind;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(commandAst);
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        string word = Unquote(wordToComplete ?? "");
        try
        {
            Dictionary<string, object> parameters = Gather(commandName, commandAst, fakeBoundParameters);
            if (_kind >= NameKind.Prefix && !parameters.ContainsKey("BucketName"))
            {
                return [];
            }

            string? bucketName = parameters.GetValueOrDefault("BucketName")?.ToString();
            string? key = parameters.GetValueOrDefault("Key")?.ToString();
            string beginning = _kind is NameKind.Prefix or NameKind.Key ? word : "";
            NameSearch search = new(_kind, bucketName, key, beginning, new TypedArguments(parameters));
            return [.. search.Find()
                .Where(name => name.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase) && !name.Value.Any(char.IsControl))
                .Select(name => new CompletionResult(ResumeLine.Quote(name.Value), name.Label ?? name.Value,
                    CompletionResultType.ParameterValue, name.Tip ?? name.Value))];
        }
        catch (Exception e) when (
            e is RuntimeException or InvalidCastException or S3MultipartException or InvalidOperationException or ArgumentException)
        {
            // Errors are reported when the line runs, and not while it is typed.
            return [];
        }
    }

    /// <summary>
    /// What the session's defaults, what is splatted and the line itself say so far of how to reach S3, and of the upload.
    /// </summary>
    private static Dictionary<string, object> Gather(string command, CommandAst line, IDictionary bound)
    {
        Dictionary<string, string> names = Session.ParametersOf(command);
        Dictionary<string, object> gathered = DefaultsOf(command[(command.LastIndexOf('\\') + 1)..], names);
        IEnumerable<IDictionary> splatted = line.CommandElements.OfType<VariableExpressionAst>()
            .Where(variable => variable.Splatted)
            .Select(variable => Session.VariableOf(variable.VariablePath.UserPath))
            .OfType<IDictionary>();
        foreach (DictionaryEntry entry in splatted.Append(bound).SelectMany(table => table.Cast<DictionaryEntry>()))
        {
            string key = entry.Key.ToString()!;
            if (entry.Value is not null && names.GetValueOrDefault(key) is { } name)
            {
                gathered[name] = entry.Value;
            }
        }

        return gathered;
    }

    /// <summary>The values of $PSDefaultParameterValues for the command, but for those that are computed.</summary>
    private static Dictionary<string, object> DefaultsOf(string command, Dictionary<string, string> names)
    {
        Dictionary<string, object> defaults = new(StringComparer.OrdinalIgnoreCase);
        if (Session.VariableOf("PSDefaultParameterValues") is IDictionary table && !LanguagePrimitives.IsTrue(table["Disabled"]))
        {
            foreach (DictionaryEntry entry in table)
            {
                if (entry.Key.ToString()!.Split(':', 2) is [string pattern, string parameter]
                    && names.GetValueOrDefault(parameter.Trim()) is { } name
                    && entry.Value is not (null or ScriptBlock)
                    && new WildcardPattern(pattern.Trim(), WildcardOptions.IgnoreCase).IsMatch(command))
                {
                    defaults[name] = entry.Value;
                }
            }
        }

        return defaults;
    }

    private static string Unquote(string word) => word is ['\'' or '"', ..]
        ? word[1..].TrimEnd(word[0]).Replace("''", "'", StringComparison.Ordinal)
        : word;
}

/// <summary>Completes -Region.</summary>
public sealed class RegionCompleter() : NameCompleter(NameKind.Region);

/// <summary>Completes -ProfileName.</summary>
public sealed class ProfileNameCompleter() : NameCompleter(NameKind.Profile);

/// <summary>Completes -BucketName from the buckets of the account.</summary>
public sealed class BucketNameCompleter() : NameCompleter(NameKind.Bucket);

/// <summary>Completes -Prefix from the folders of the uploads in progress.</summary>
public sealed class PrefixCompleter() : NameCompleter(NameKind.Prefix);

/// <summary>Completes -Key from the uploads in progress.</summary>
public sealed class KeyCompleter() : NameCompleter(NameKind.Key);

/// <summary>Completes -UploadId from the uploads in progress, of the key where it is given.</summary>
public sealed class UploadIdCompleter() : NameCompleter(NameKind.UploadId);
