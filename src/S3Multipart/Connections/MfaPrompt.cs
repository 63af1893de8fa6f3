using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Net;
using System.Security;

namespace S3Multipart.Connections;

/// <summary>Asks the user for the code of an MFA device. What is typed is neither shown nor in a transcript.</summary>
internal static class MfaPrompt
{
    /// <summary>The code, or null where there is no prompt or nothing was typed. Only on the pipeline thread.</summary>
    internal static string? Ask(PSHost host, string serial)
    {
        FieldDescription field = new("Code");
        field.SetParameterType(typeof(SecureString));
        try
        {
            Dictionary<string, PSObject>? answers = host.UI?.Prompt("Multi-factor authentication",
                $"The code that the device {serial} shows now.", new Collection<FieldDescription> { field });
            return answers?["Code"]?.BaseObject is SecureString { Length: > 0 } typed
                ? new NetworkCredential("", typed).Password.Trim() : null;
        }
        catch (Exception e) when (e is HostException or InvalidOperationException or NotImplementedException or NotSupportedException)
        {
            // A host that is not interactive says so in one of these ways.
            return null;
        }
    }
}
