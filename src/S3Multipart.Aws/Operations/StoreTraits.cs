using System.Collections.Concurrent;
using System.Net;
using S3Multipart.Aws.Requests;
using S3Multipart.Core.Text;

namespace S3Multipart.Aws.Operations;

/// <summary>
/// What the store behind an endpoint refuses, found out by its first refusal and known to this process from then on. A request is repeated
/// once without what may have been refused, and a refusal is remembered only where the outcome shows that this was the reason: a store
/// that refuses the same request again, as for a wrong secret, has another reason.
/// </summary>
internal sealed class StoreTraits
{
    private const string WithoutChecksums = "-RequestChecksumCalculation WhenRequired, and Add-S3UploadPart -ContentMD5";

    private static readonly ConcurrentDictionary<string, StoreTraits> s_stores = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<StoreFeature, bool> _refused = new();
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);
    private readonly TextSet _empty = new();
    private readonly string _endpoint;

    private StoreTraits(string endpoint) => _endpoint = endpoint;

    /// <summary>The traits of a store; null for Amazon S3, which takes all that is sent.</summary>
    /// <param name="endpointUrl">The endpoint that was given; null for Amazon's own.</param>
    internal static StoreTraits? Of(string? endpointUrl) =>
        Uri.TryCreate(endpointUrl, UriKind.Absolute, out Uri? url) && !AmazonHosts.Has(url)
            ? s_stores.GetOrAdd(url.GetLeftPart(UriPartial.Authority), endpoint => new StoreTraits(endpoint))
            : null;

    internal bool Refuses(StoreFeature feature) => _refused.ContainsKey(feature);

    /// <summary>True for an upload that this process has begun, and sent no part to.</summary>
    internal bool IsEmpty(string uploadId) => _empty.Contains(uploadId);

    internal void Began(string uploadId) => _empty.Add(uploadId);

    /// <summary>Notes that an upload is to have a part, or to end.</summary>
    internal void Changes(string uploadId) => _empty.Remove(uploadId);

    /// <summary>Sends a request with a feature unless the store is known to refuse it, and where it does so now, again without.</summary>
    /// <param name="feature">What the store may refuse.</param>
    /// <param name="isUsed">False where the request has nothing of it.</param>
    /// <param name="send">Sends the request, with the feature or without.</param>
    /// <param name="warn">Receives the warning of what was learned, once for each parameter that it names.</param>
    internal async Task<T> SendAsync<T>(StoreFeature feature, bool isUsed, Func<bool, Task<T>> send, Action<string> warn)
    {
        if (!isUsed || Refuses(feature))
        {
            return await send(false);
        }

        S3ServiceException refusal;
        try
        {
            return await send(true);
        }
        catch (S3ServiceException e) when (IsRefusal(feature, e))
        {
            refusal = e;
        }

        try
        {
            T result = await send(false);
            Learn(feature, refusal, warn);
            return result;
        }
        catch (S3ServiceException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // The store has searched for the bucket, upload or key, so it has accepted the request.
            Learn(feature, refusal, warn);
            throw;
        }
        catch (S3ServiceException e) when (e.ErrorCode == refusal.ErrorCode)
        {
            throw refusal;
        }
    }

    /// <summary>Whether a response may mean that the store refuses a feature, as those do that are named in docs/stores.md.</summary>
    private static bool IsRefusal(StoreFeature feature, S3ServiceException e)
    {
        bool isUnknown = e.StatusCode == HttpStatusCode.NotImplemented;
        bool isInvalid = isUnknown || e.StatusCode == HttpStatusCode.BadRequest;
        return feature switch
        {
            StoreFeature.ChecksumType => isInvalid && Names("checksum-type"),
            StoreFeature.ObjectSize => isUnknown || (isInvalid && Names("mp-object-size")),
            StoreFeature.WholeCrc32 => e.ErrorCode == "InvalidPart" || (isInvalid && Names("checksum")),
            // Bytes that differ from their checksum are another matter.
            _ => e is not BadDigestException
                && (isUnknown
                    || (Names("checksum") && (isInvalid || e.StatusCode == HttpStatusCode.InternalServerError))
                    // HEAD is answered without a code.
                    || e.ErrorCode == "Http400"
                    // Google Cloud Storage; a signature that is wrong has another text.
                    || (e.ErrorCode == "SignatureDoesNotMatch" && e.ServiceText.Trim() == "Invalid argument.")),
        };

        bool Names(string text) => e.ServiceText.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    private void Learn(StoreFeature feature, S3ServiceException refusal, Action<string> warn)
    {
        // Of many requests that are refused together one reports it.
        if (!_refused.TryAdd(feature, true))
        {
            return;
        }

        (string what, string parameter) = feature switch
        {
            StoreFeature.WholeCrc32 => ("the CRC32 of a whole object, so it is completed by those of its parts", "-ChecksumType COMPOSITE"),
            StoreFeature.ChecksumType => ("x-amz-checksum-type, so it decides itself what a checksum is made of", WithoutChecksums),
            StoreFeature.ObjectSize => ("x-amz-mp-object-size, so objects are completed without it", WithoutChecksums),
            _ => ("S3's checksums, so parts go with Content-MD5 instead and their ETags are compared", WithoutChecksums),
        };
        if (_reported.TryAdd(parameter, true))
        {
            warn($"{_endpoint} refuses {what} ({refusal.ErrorCode}). The module continues so while this process runs. "
                + $"To do so from the first request: {parameter}.");
        }
    }
}
