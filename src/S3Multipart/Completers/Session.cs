using System.Management.Automation;
using S3Multipart.Binding;

namespace S3Multipart.Completers;

/// <summary>What a completer reads from the session that it completes in.</summary>
internal static class Session
{
    internal static object? VariableOf(string name)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        object? value = shell.AddCommand("Microsoft.PowerShell.Utility\\Get-Variable")
            .AddParameter("Name", name).AddParameter("ErrorAction", ActionPreference.Ignore)
            .Invoke<PSVariable>().FirstOrDefault()?.Value;
        return Unwrapped.Of(value);
    }

    internal static string PathOf(string path)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])", useLocalScope: true)
            .AddArgument(path).Invoke<string>().First();
    }

    /// <summary>The parameters of a command by their names and aliases.</summary>
    internal static Dictionary<string, string> ParametersOf(string command)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        CommandInfo? found = shell.AddCommand("Microsoft.PowerShell.Core\\Get-Command")
            .AddParameter("Name", command).AddParameter("ErrorAction", ActionPreference.Ignore)
            .Invoke<CommandInfo>().FirstOrDefault();
        found = found is AliasInfo alias ? alias.ResolvedCommand : found;
        return (found?.Parameters.Values ?? Enumerable.Empty<ParameterMetadata>())
            .SelectMany(parameter => parameter.Aliases.Append(parameter.Name).Select(name => (name, parameter.Name)))
            .ToDictionary(pair => pair.name, pair => pair.Name, StringComparer.OrdinalIgnoreCase);
    }
}
