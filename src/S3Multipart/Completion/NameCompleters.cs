using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using S3Multipart.Commands;
using S3Multipart.Pipeline;

namespace S3Multipart.Names;

/// <summary>
/// Completes names that S3 or the profiles know, by the connection that the line names so far. Says nothing when they cannot be had
/// within a moment.
/// </summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <summary>The names and aliases of the parameters that tell how to reach S3.</summary>
    private static readonly Dictionary<string, string> s_connection = typeof(S3Cmdlet).GetProperties()
        .Where(property => property.IsDefined(typeof(ParameterAttribute)))
        .SelectMany(property => (property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [])
        .Append(property.Name).Select(name => (name, property.Name)))
        .ToDictionary(pair => pair.name, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

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
            if (_kind >= NameKind.Prefix && !parameters.ContainsKey(nameof(FindNameCommand.BucketName)))
            {
                return [];
            }

            parameters[nameof(FindNameCommand.Kind)] = _kind;
            parameters[nameof(FindNameCommand.Word)] = _kind is NameKind.Prefix or NameKind.Key ? word : "";
            return [.. Find(parameters)
                .Where(name => name.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase) && !name.Value.Any(char.IsControl))
                .Select(name => new CompletionResult(ResumeLine.Quote(name.Value), name.Label ?? name.Value,
                    CompletionResultType.ParameterValue, name.Tip ?? name.Value))];
        }
        catch (Exception e) when (e is RuntimeException or S3MultipartException or InvalidOperationException or ArgumentException)
        {
            // Whoever types is told of what is wrong when the line runs, and not before.
            return [];
        }
    }

    private static IEnumerable<Name> Find(Dictionary<string, object> parameters)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        _ = shell.AddCommand(new CmdletInfo("Find-S3Name", typeof(FindNameCommand)))
            .AddParameters(parameters)
            .AddParameter("ErrorAction", ActionPreference.Ignore);
        ArrayList? errors = VariableOf("Error") as ArrayList;
        int before = errors?.Count ?? 0;
        try
        {
            return shell.Invoke().Select(item => item.BaseObject).OfType<Name>();
        }
        finally
        {
            // Nobody ran a command, so none has failed.
            errors?.RemoveRange(0, errors.Count - before);
        }
    }

    /// <summary>
    /// What the session's defaults, what is splatted and the line itself say so far of how to reach S3, and of the upload.
    /// </summary>
    private static Dictionary<string, object> Gather(string command, CommandAst line, IDictionary bound)
    {
        Dictionary<string, object> gathered = DefaultsOf(command[(command.LastIndexOf('\\') + 1)..]);
        IEnumerable<IDictionary> splatted = line.CommandElements.OfType<VariableExpressionAst>()
            .Where(variable => variable.Splatted)
            .Select(variable => VariableOf(variable.VariablePath.UserPath))
            .OfType<IDictionary>();
        foreach (DictionaryEntry entry in splatted.Append(bound).SelectMany(table => table.Cast<DictionaryEntry>()))
        {
            string key = entry.Key.ToString()!;
            if (entry.Value is not null
                && (NameOf(key) ?? (key is nameof(FindNameCommand.BucketName) or nameof(FindNameCommand.Key) ? key : null)) is { } name)
            {
                gathered[name] = entry.Value;
            }
        }

        return gathered;
    }

    /// <summary>The values of $PSDefaultParameterValues for the command, but for those that are computed.</summary>
    private static Dictionary<string, object> DefaultsOf(string command)
    {
        Dictionary<string, object> defaults = new(StringComparer.OrdinalIgnoreCase);
        if (VariableOf("PSDefaultParameterValues") is IDictionary table && !LanguagePrimitives.IsTrue(table["Disabled"]))
        {
            foreach (DictionaryEntry entry in table)
            {
                if (entry.Key.ToString()!.Split(':', 2) is [string pattern, string parameter]
                    && NameOf(parameter.Trim()) is { } name
                    && entry.Value is not (null or ScriptBlock)
                    && new WildcardPattern(pattern.Trim(), WildcardOptions.IgnoreCase).IsMatch(command))
                {
                    defaults[name] = entry.Value;
                }
            }
        }

        return defaults;
    }

    private static string? NameOf(string parameter) => s_connection.GetValueOrDefault(parameter);

    private static object? VariableOf(string name)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        object? value = shell.AddCommand("Microsoft.PowerShell.Utility\\Get-Variable")
            .AddParameter("Name", name).AddParameter("ErrorAction", ActionPreference.Ignore)
            .Invoke<PSVariable>().FirstOrDefault()?.Value;
        return value is PSObject wrapped ? wrapped.BaseObject : value;
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
