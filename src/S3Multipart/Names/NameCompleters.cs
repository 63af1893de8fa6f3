using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using S3Multipart.Commands;
using S3Multipart.Transfer;

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
        .SelectMany(property => (property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Append(property.Name).Select(name => (name, property.Name)))
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
            Dictionary<string, object> parameters = Gather(commandAst, fakeBoundParameters);
            if (_kind >= NameKind.Prefix && !parameters.ContainsKey(nameof(FindNameCommand.BucketName)))
            {
                return [];
            }

            parameters[nameof(FindNameCommand.Kind)] = _kind;
            parameters[nameof(FindNameCommand.Word)] = _kind is NameKind.Prefix or NameKind.Key ? word : "";
            return [.. Find(commandName, parameters)
                .Where(name => name.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase) && !name.Value.Any(char.IsControl))
                .Select(name => new CompletionResult(ResumeLine.Quote(name.Value), name.Label ?? name.Value, CompletionResultType.ParameterValue, name.Tip ?? name.Value))];
        }
        catch (Exception e) when (e is RuntimeException or S3MultipartException or InvalidOperationException or ArgumentException)
        {
            // Whoever types is told of what is wrong when the line runs, and not before.
            return [];
        }
    }

    private static IEnumerable<Name> Find(string commandName, Dictionary<string, object> parameters)
    {
        // Under the name of the command that is typed, so that the defaults in $PSDefaultParameterValues hold for it too.
        string name = commandName[(commandName.LastIndexOf('\\') + 1)..];
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        _ = shell.AddCommand(new CmdletInfo(name.Contains('-', StringComparison.Ordinal) ? name : "Find-S3Name", typeof(FindNameCommand)))
            .AddParameters(parameters)
            .AddParameter("ErrorAction", ActionPreference.Ignore);
        return shell.Invoke().Select(item => item.BaseObject).OfType<Name>();
    }

    /// <summary>What the line says so far of how to reach S3, with what is splatted into it, and of the upload.</summary>
    private static Dictionary<string, object> Gather(CommandAst line, IDictionary bound)
    {
        Dictionary<string, object> gathered = new(StringComparer.OrdinalIgnoreCase);
        IEnumerable<IDictionary> splatted = line.CommandElements.OfType<VariableExpressionAst>()
            .Where(variable => variable.Splatted)
            .Select(variable => ValueOf(variable.VariablePath.UserPath))
            .OfType<IDictionary>();
        foreach (DictionaryEntry entry in splatted.Append(bound).SelectMany(table => table.Cast<DictionaryEntry>()))
        {
            string key = entry.Key.ToString()!;
            if (entry.Value is null)
            {
                continue;
            }

            if (s_connection.TryGetValue(key, out string? name))
            {
                gathered[name] = entry.Value;
            }
            else if (key is nameof(FindNameCommand.BucketName) or nameof(FindNameCommand.Key))
            {
                gathered[key] = entry.Value;
            }
        }

        return gathered;
    }

    private static object? ValueOf(string variable)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Microsoft.PowerShell.Utility\\Get-Variable")
            .AddParameter("Name", variable).AddParameter("ValueOnly").AddParameter("ErrorAction", ActionPreference.Ignore)
            .Invoke().FirstOrDefault()?.BaseObject;
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
