using System.Diagnostics;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Pipeline;

/// <summary>A file on its way to S3.</summary>
/// <param name="path">Its full path.</param>
/// <param name="input">What its object shall be.</param>
/// <param name="connection">How the store is reached.</param>
/// <param name="client">The operations over that connection.</param>
/// <param name="progress">How far it is.</param>
internal sealed class FileSend(string path, CreateInput input, S3Connection connection, IUploadClient client, UploadProgress progress)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    internal string Path => path;

    internal CreateInput Input => input;

    internal S3Connection Connection => connection;

    internal IUploadClient Client => client;

    internal UploadProgress Progress => progress;

    /// <summary>True for a file that is sent by one request, and not in parts.</summary>
    internal bool IsPut { get; init; }

    internal TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>How many of its parts S3 held already.</summary>
    internal int ReusedParts { get; set; }

    /// <summary>True once its outcome is counted. Used on the pipeline thread only.</summary>
    internal bool IsCounted { get; set; }
}
