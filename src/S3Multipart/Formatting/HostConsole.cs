using System.Management.Automation;
using System.Management.Automation.Host;

namespace S3Multipart.Formatting;

/// <summary>What is asked of the host itself, which may have no window or no user.</summary>
internal static class HostConsole
{
    /// <summary>What the terminal says; the fallback where there is none, or one that does not know.</summary>
    internal static int Ask(PSHost? host, Func<PSHostRawUserInterface, int> ask, int fallback = 0)
    {
        try
        {
            return host?.UI?.RawUI is { } terminal ? ask(terminal) : fallback;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or InvalidOperationException)
        {
            return fallback;
        }
    }

    /// <summary>Warns where the pipeline takes no more output, if the host shows it.</summary>
    internal static void Warn(PSHost? host, string message)
    {
        try
        {
            host?.UI?.WriteWarningLine(message);
        }
        catch (Exception e)
            when (e is PSInvalidOperationException or NotImplementedException or PipelineStoppedException or HostException)
        {
        }
    }
}
