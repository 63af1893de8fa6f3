using System.Collections;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.S3;
using Amazon.S3.Model;
using S3Multipart.Core.Buckets;

namespace S3Multipart.Aws.Requests;

/// <summary>
/// The endpoint of each bucket, by the SDK's rules, which know every kind of bucket and Region. They are applied once for a bucket,
/// because that costs as much as a small request. For a bucket that S3 says is in another Region, requests go there from then on.
/// </summary>
internal sealed partial class EndpointMap(AmazonS3Config config, Func<string, AmazonS3Config> configOfRegion)
{
    private readonly ConcurrentDictionary<(string Bucket, bool UsesSession), S3Endpoint> _endpoints = new();
    private readonly ConcurrentDictionary<string, AmazonS3Config> _moved = new(StringComparer.Ordinal);

    /// <param name="bucket">The bucket's name or ARN; empty for requests that are about no bucket.</param>
    /// <param name="usesSession">Whether a directory bucket's session signs the request; of those made here all do but copies.</param>
    internal S3Endpoint For(string bucket, bool usesSession = true) => _endpoints.GetOrAdd(
        (bucket, usesSession), asked => Resolve(_moved.GetValueOrDefault(asked.Bucket, config), asked.Bucket, asked.UsesSession));

    /// <summary>Takes note of a bucket's Region. False if a request would go where the refused one went.</summary>
    /// <param name="bucket">The bucket's name or ARN.</param>
    /// <param name="region">The Region that the refusal names.</param>
    /// <param name="wantsSignature">True where the request was refused because it was signed for another Region.</param>
    /// <param name="refused">Where the request went.</param>
    internal bool Move(string bucket, string region, bool wantsSignature, S3Endpoint refused)
    {
        // Another store has one endpoint; the Region that it names is the one that it requires signatures for.
        bool isKnown = config.ServiceURL is not null
            ? wantsSignature && RegionName().IsMatch(region)
            : IsRegion(region);
        if (refused.Region == region || !isKnown)
        {
            return false;
        }

        // Of many requests that are refused together the first moves the bucket.
        if (For(bucket).Region != region)
        {
            _moved[bucket] = configOfRegion(region);
            _ = _endpoints.TryRemove((bucket, true), out _);
            _ = _endpoints.TryRemove((bucket, false), out _);
        }

        return true;
    }

    private static bool IsRegion(string name)
    {
        try
        {
            return RegionEndpoint.GetBySystemName(name).PartitionName is not null;
        }
        catch (AmazonClientException)
        {
            // The response holds text that cannot be the name of a Region.
            return false;
        }
    }

    private static S3Endpoint Resolve(AmazonS3Config config, string bucket, bool usesSession)
    {
        CheckArnRegion(config, bucket);
        Endpoint endpoint;
        try
        {
            endpoint = config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(
                bucket.Length == 0 ? new ListBucketsRequest()
                    : usesSession && !config.DisableS3ExpressSessionAuth ? new UploadPartRequest { BucketName = bucket, Key = "k" }
                    : new CopyPartRequest { DestinationBucket = bucket, DestinationKey = "k" }));
        }
        catch (Exception e) when (e is AmazonClientException or ArgumentException or UriFormatException)
        {
            throw AwsFailure.EndpointNotOffered(bucket, e);
        }

        Uri url = new(endpoint.URL);
        IEnumerable<IPropertyBag> schemes = (endpoint.Attributes?["authSchemes"] as IList ?? Array.Empty<object>()).OfType<IPropertyBag>();
        // Outposts take both signatures, multi-Region access points the asymmetric one alone, which costs more.
        IPropertyBag? scheme = schemes.FirstOrDefault(found => found["name"] is "sigv4" or "sigv4-s3express")
            ?? schemes.FirstOrDefault(found => found["name"] is "sigv4a");
        return new S3Endpoint(
            $"{url.Scheme}://{url.Authority}",
            url.Authority,
            url.AbsolutePath.TrimEnd('/'),
            scheme?["signingRegion"] as string
                ?? config.AuthenticationRegion ?? config.RegionEndpoint?.SystemName ?? "us-east-1",
            scheme?["signingName"] as string ?? "s3",
            scheme?["name"] switch
            {
                "sigv4-s3express" => SigningScheme.Session,
                "sigv4a" => SigningScheme.AllRegions,
                _ => SigningScheme.OneRegion,
            });
    }

    /// <summary>Refuses the ARN of another Region where the user's settings say that it must not decide where requests go.</summary>
    private static void CheckArnRegion(AmazonS3Config config, string bucket)
    {
        if (!config.UseArnRegion
            && bucket.Length > 0
            && BucketAddress.Parse(bucket).ArnRegion is { } region
            && config.RegionEndpoint?.SystemName is { } own
            && own != region)
        {
            throw AwsFailure.ArnRegionDiffers(bucket, region, own);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex RegionName();
}
