using System.Net;
using System.Security.Cryptography;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Retries;

/// <summary>Finds out whether an object is the one that an upload was to become, from what the store says of it.</summary>
internal sealed class CompletionProof(CompleteInput input)
{
    private readonly string _target = input.Target.ToString();
    private readonly string? _etag = ETags.OfParts(input.Parts);

    /// <summary>
    /// The object with what proves it. Where the response to Complete does not prove it, HeadObject is sent once; another
    /// object is a failure.
    /// </summary>
    /// <param name="store">Where the object is.</param>
    /// <param name="completed">The response to Complete.</param>
    /// <param name="needsProof">True to fail where nothing proves the object, though nothing contradicts it either.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    internal async Task<CompletedObject> ProveAsync(
        IObjectStore store, CompletedObject completed, bool needsProof, CancellationToken cancellationToken)
    {
        Evidence? reported = Judge(new(completed.ETag, completed.ChecksumAlgorithm, completed.Checksum, completed.Encryption.Method));
        if (reported is { IsProof: true } || (reported is not null && !needsProof))
        {
            return completed with { Evidence = reported };
        }

        FoundObject found;
        try
        {
            found = await HeadAsync(store, completed.VersionId, cancellationToken);
        }
        catch (S3ServiceException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw Failure.ObjectDiffers(_target, "there is no such object");
        }
        catch (S3MultipartException e)
        {
            throw Failure.CompletionNotConfirmed(_target, e);
        }

        ObjectFacts facts = Facts(found);
        Evidence evidence = Judge(facts) ?? reported ?? Evidence.Size;
        if (!evidence.IsProof && IsOtherETag(facts))
        {
            throw Failure.ChecksumMismatch(_target, _etag!, found.ETag);
        }

        if (needsProof && !evidence.IsProof)
        {
            throw Failure.ObjectNotVerified(_target);
        }

        return completed with
        {
            Evidence = evidence,
            ETag = completed.ETag ?? found.ETag,
            ChecksumAlgorithm = completed.ChecksumAlgorithm ?? found.ChecksumAlgorithm,
            ChecksumType = completed.ChecksumType ?? (completed.Checksum is null ? ChecksumAlgorithms.TypeOf(found.Checksum) : null),
            Checksum = completed.Checksum ?? found.Checksum,
        };
    }

    /// <summary>
    /// The object where the response to Complete was lost; null where there is another or none, a failure where nothing proves it.
    /// </summary>
    internal async Task<CompletedObject?> FindAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        FoundObject found;
        try
        {
            found = await HeadAsync(store, null, cancellationToken);
        }
        catch (S3ServiceException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (S3MultipartException e)
        {
            throw Failure.CompletionUnknown(_target, "whether the object is there could not be looked up: " + e.Message);
        }

        ObjectFacts facts = Facts(found);
        Evidence? evidence;
        try
        {
            evidence = Judge(facts);
        }
        catch (S3MultipartException)
        {
            return null;
        }

        return evidence switch
        {
            { IsProof: true } => new CompletedObject
            {
                ETag = found.ETag,
                VersionId = found.VersionId,
                ChecksumAlgorithm = found.ChecksumAlgorithm,
                ChecksumType = ChecksumAlgorithms.TypeOf(found.Checksum),
                Checksum = found.Checksum,
                Evidence = evidence,
            },
            _ when IsMD5Expected(facts) => null,
            // Another upload of the same file may have made one like it.
            _ => throw Failure.CompletionUnknown(
                _target, "an object of the right size is there, but neither its checksum nor its ETag proves that it is the one."),
        };
    }

    /// <summary>What proves the object, or null where nothing proves it; a failure where it is another.</summary>
    private Evidence? Judge(ObjectFacts facts)
    {
        if (facts.Size is long size && size != input.Size)
        {
            throw Failure.ObjectDiffers(_target, Failure.Invariant($"it has {Count.Of(size, "byte")}, not {input.Size:N0}"));
        }

        int? count = facts.ETag is null ? null : ETags.PartCountOf(facts.ETag);
        if (count is not null && count != input.Parts.Count)
        {
            throw Failure.ObjectDiffers(
                _target, Failure.Invariant($"its ETag {facts.ETag} is that of {count:N0} parts, not of {input.Parts.Count:N0}"));
        }

        if (facts.Checksum is { } actual && facts.ChecksumAlgorithm == input.ChecksumAlgorithm && ExpectedChecksum(actual) is { } expected)
        {
            bool isComposite = ChecksumAlgorithms.TypeOf(actual) == ChecksumAlgorithms.Composite;
            return actual == expected
                ? Evidence.OfChecksum(input.ChecksumAlgorithm!, isComposite)
                : throw Failure.ChecksumMismatch(_target, expected, actual);
        }

        return facts.ETag is null ? null
            : !IsMD5Expected(facts) ? (count is null ? null : Evidence.PartCount)
            : ETags.AreEqual(facts.ETag, _etag!) ? Evidence.ETag
            : null;
    }

    /// <summary>True where the ETag has the form of one that is made of the parts' MD5s, and is made of others.</summary>
    private bool IsOtherETag(ObjectFacts facts) =>
        IsMD5Expected(facts) && facts.ETag is not null && ETags.PartCountOf(facts.ETag) is not null && !ETags.AreEqual(facts.ETag, _etag!);

    private bool IsMD5Expected(ObjectFacts facts) => _etag is not null && !ETags.AreOpaque(input.Target.BucketName, facts.Encryption);

    /// <summary>The checksum that the parts make, of the kind that the store has: it may know only one of the two.</summary>
    private string? ExpectedChecksum(string actual) => input.ChecksumAlgorithm is { } algorithm
        ? WholeChecksum.Of(
            algorithm, ChecksumAlgorithms.TypeOf(actual), [.. input.Parts.Select(part => (part.KnownChecksum ?? "", part.Size))])
        : null;

    private Task<FoundObject> HeadAsync(IObjectStore store, string? versionId, CancellationToken cancellationToken)
    {
        UploadTarget target = input.Target;
        return store.HeadObjectAsync(
            CopySource.OfUpload(target.BucketName, target.Key, target.CustomerKey, versionId), cancellationToken);
    }

    private static ObjectFacts Facts(FoundObject found) =>
        new(found.ETag, found.ChecksumAlgorithm, found.Checksum, found.Encryption.Method) { Size = found.Size };

    /// <summary>What a store says of an object.</summary>
    private sealed record ObjectFacts(string? ETag, string? ChecksumAlgorithm, string? Checksum, string? Encryption)
    {
        internal long? Size { get; init; }
    }
}
