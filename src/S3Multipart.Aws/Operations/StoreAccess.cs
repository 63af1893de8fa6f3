using Amazon.Runtime;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Aws.Operations;

/// <summary>What all operations have: the way to the store, the user's settings, and what is known of the store.</summary>
/// <param name="config">What the SDK makes of the user's settings.</param>
/// <param name="sender">Sends the requests.</param>
/// <param name="settings">The user's settings.</param>
/// <param name="timeout">The idle timeout of a request.</param>
/// <param name="warn">Receives warnings about the store; called from any thread.</param>
internal sealed class StoreAccess(
    IClientConfig config, RequestSender sender, ConnectionSettings settings, TimeSpan timeout, Action<string> warn)
{
    /// <summary>The owner that MinIO and its forks name in every list.</summary>
    private const string MinioOwner = "02d6176db174dc93cb1b899f7c6078f08654445fe8cf1b6ce98d8855f66bdbf4";

    private volatile bool _isMinio;

    internal ConnectionSettings Settings => settings;

    /// <summary>What is known of the store; null for Amazon S3.</summary>
    internal StoreTraits? Traits { get; } = StoreTraits.Of(config.ServiceURL);

    internal bool SendsChecksums => config.RequestChecksumCalculation == RequestChecksumCalculation.WHEN_SUPPORTED;

    internal bool IsHttps => config.ServiceURL is not { } url || url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Amazon S3 itself takes a checksum behind the bytes; other stores often reject that.</summary>
    internal bool TakesTrailers => IsHttps && config.ServiceURL is null;

    internal Task<S3Response> SendAsync(S3Request request, CancellationToken cancellationToken) =>
        sender.SendAsync(request, timeout, cancellationToken);

    /// <summary>Sends a request with a feature, and where the store turns out to refuse it, without.</summary>
    internal Task<T> AdaptAsync<T>(StoreFeature feature, bool isUsed, Func<bool, Task<T>> send) =>
        Traits is null ? send(isUsed) : Traits.SendAsync(feature, isUsed, send, warn);

    /// <summary>Notes the owner of buckets, by which a store is known where a proxy in front of it has a name of its own.</summary>
    internal void NoteOwner(string? id) => _isMinio |= id == MinioOwner;

    /// <summary>
    /// True for MinIO and its forks, which list uploads by an exact key only, and without one no more than they remember. They say who they
    /// are.
    /// </summary>
    internal bool ListsExactKeysOnly(S3Response response) =>
        Traits is not null && (_isMinio || response.Header("Server")?.StartsWith("MinIO", StringComparison.OrdinalIgnoreCase) == true);
}
