using S3Multipart.Core.Engine;

namespace S3Multipart.Pipeline;

/// <summary>An upload that is being begun.</summary>
internal sealed class PendingUpload(string target, S3Connection connection, string bucketName)
{
    private volatile bool _isRequested;
    private volatile bool _isEnded;

    internal string Target => target;

    internal S3Connection Connection => connection;

    internal string BucketName => bucketName;

    /// <summary>True once S3 was asked to begin an upload, and may have begun one whatever became of the response.</summary>
    internal bool IsRequested => _isRequested;

    /// <summary>True once what became of the request is known.</summary>
    internal bool IsEnded => _isEnded;

    /// <summary>The upload, once it is begun.</summary>
    internal MultipartUpload? Upload { get; private set; }

    internal void Request() => _isRequested = true;

    /// <summary>Notes how the request has ended; null where it failed.</summary>
    internal void End(MultipartUpload? upload)
    {
        Upload = upload;
        _isEnded = true;
    }
}
