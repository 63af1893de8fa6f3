using System.Management.Automation;
using System.Management.Automation.Host;

namespace S3Multipart.Pipeline;

/// <summary>What is asked of the host itself, which may have no window or no user.</summary>
internal static class HostConsole
{
    /// <summary>The lines of the window; 0 where there is none.</summary>
    internal static int Height(PSHost host)
    {
        try
        {
            return host.UI?.RawUI?.WindowSize.Height ?? 0;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or InvalidOperationException)
        {
            return 0;
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
