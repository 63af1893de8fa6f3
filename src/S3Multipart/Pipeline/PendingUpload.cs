using S3Multipart.Core.Engine;

namespace S3Multipart.Pipeline;

/// <summary>An upload that is being begun.</summary>
internal sealed class PendingUpload(string target, S3Connection connection, string bucketName)
{
    private volatile bool _isRequested;

    internal string Target => target;

    internal S3Connection Connection => connection;

    internal string BucketName => bucketName;

    /// <summary>True once S3 was asked to begin an upload, and may have begun one whatever became of the response.</summary>
    internal bool IsRequested => _isRequested;

    internal void Request() => _isRequested = true;
}
