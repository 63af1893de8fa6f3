using System.Diagnostics;
using S3Multipart.Checksums;
using S3Multipart.Store;

namespace S3Multipart.Transfer;

/// <summary>
/// Puts an object together, and only a whole one: decides what whole means, sends the object's checksum, has the answer proven.
/// </summary>
internal static class Completion
{
    internal static async Task<CompletedUpload> RunAsync(
        IObjectStore store, MultipartUpload upload, IEnumerable<StoredPart> parts, CompletionTerms terms,
        CancellationToken cancellationToken)
    {
        List<StoredPart> ordered = [.. parts.OrderBy(part => part.PartNumber)];
        CheckWhole(upload, ordered, terms);
        if (terms.Verify)
        {
            await Verification.CheckPartsAsync(upload, ordered, cancellationToken);
        }

        long size = ordered.Sum(part => part.Size);
        string? algorithm = ordered.All(part => part.KnownChecksum is not null && part.ChecksumAlgorithm == ordered[0].ChecksumAlgorithm)
            ? ordered[0].ChecksumAlgorithm
            : null;
        string? type = algorithm is null ? null : upload.ChecksumType ?? terms.ListedChecksumType;
        string? checksum = algorithm is null
            ? null : ChecksumAlgorithms.Whole(algorithm, type, [.. ordered.Select(part => (part.KnownChecksum!, part.Size))]);
        CompleteInput input = new()
        {
            Target = upload.Target,
            Parts = ordered,
            Size = size,
            ChecksumAlgorithm = algorithm,
            ChecksumType = type,
            Checksum = type == ChecksumAlgorithms.FullObject ? checksum : null,
            IfMatch = terms.IfMatch,
            IfNoneMatch = terms.IfNoneMatch,
        };
        if (terms.LooksFirst)
        {
            await Precondition.CheckAsync(store, input, cancellationToken);
        }

        upload.Progress.IsCompleting = true;
        CompletedObject answered = await store.CompleteMultipartUploadAsync(input, cancellationToken);
        upload.Progress.IsCompleted = true;
        CompletedObject completed = await new CompletionProof(input).ProveAsync(store, answered, terms.Verify, cancellationToken);
        TimeSpan? duration = upload.LiteralPath is null && upload.Progress.PartCount is null
            ? null : Stopwatch.GetElapsedTime(upload.Progress.Started);
        return new CompletedUpload
        {
            BucketName = upload.BucketName,
            Key = upload.Key,
            UploadId = upload.UploadId,
            Location = completed.Location,
            ETag = completed.ETag,
            VersionId = completed.VersionId,
            Size = size,
            ChecksumAlgorithm = completed.ChecksumAlgorithm,
            ChecksumType = completed.ChecksumType,
            Checksum = completed.Checksum,
            Evidence = completed.Evidence!.ToString(),
            ExpirationDate = completed.ExpirationDate,
            ExpirationRuleId = completed.ExpirationRuleId,
            RequestCharged = completed.RequestCharged,
            Encryption = completed.Encryption.Method ?? upload.Encryption,
            KmsKeyId = completed.Encryption.KmsKeyId ?? upload.KmsKeyId,
            BucketKeyEnabled = completed.Encryption.BucketKeyEnabled ?? upload.BucketKeyEnabled,
            PartCount = ordered.Count,
            Duration = duration,
            BytesPerSecond = duration is { TotalSeconds: > 0 } ? (size - upload.Progress.KeptBytes) / duration.Value.TotalSeconds : null,
            LiteralPath = upload.LiteralPath,
        };
    }

    /// <summary>
    /// Parts are whole when they are numbered from 1 without gaps and their extent is known to be all: from the plan, from the size
    /// given, or because the last part is shorter than the others, which only a last part can be.
    /// </summary>
    private static void CheckWhole(MultipartUpload upload, List<StoredPart> ordered, CompletionTerms terms)
    {
        string name = upload.ToString();
        if (upload.Progress.Failure is { } failure)
        {
            throw upload.Progress.IsGone
                ? Failure.UploadGone(name, failure.Message)
                : Failure.UploadIncomplete(name, "a part of it failed: " + failure.Message);
        }

        if (upload.Progress.IsOpen)
        {
            throw Failure.UploadIncomplete(name, "the end of its input was not reached.");
        }

        int? expected = upload.Progress.PartCount ?? terms.PartCount;
        if (ordered.Count == 0)
        {
            throw Failure.UploadIncomplete(name, "it has no parts.");
        }

        for (int number = 1; number <= Math.Max(ordered.Count, expected ?? 0); number++)
        {
            if (number > ordered.Count || ordered[number - 1].PartNumber != number)
            {
                string of = expected is null ? "" : Failure.Invariant($" of {expected:N0}");
                throw Failure.UploadIncomplete(name, $"part {number}{of} is missing.");
            }
        }

        long size = ordered.Sum(part => part.Size);
        long? wanted = terms.ObjectSize ?? upload.Length;
        if (wanted is not null && wanted != size)
        {
            throw Failure.SizeMismatch(name, wanted.Value, size);
        }

        bool isKnown = wanted is not null || expected is not null || terms.PartsAreAll || ordered[^1].Size < ordered[0].Size;
        if (!isKnown)
        {
            throw Failure.UploadSizeUnknown(name);
        }
    }
}

/// <summary>What the user, or the list of parts, adds to an upload for its completion.</summary>
internal sealed record CompletionTerms
{
    internal string? IfMatch { get; init; }

    internal bool IfNoneMatch { get; init; }

    /// <summary>True to look whether a condition holds before the store is asked, because it may be one that ignores it.</summary>
    internal bool LooksFirst { get; init; }

    /// <summary>The size that the object must have.</summary>
    internal long? ObjectSize { get; init; }

    /// <summary>How many parts there are, as the parts themselves tell.</summary>
    internal int? PartCount { get; init; }

    /// <summary>True when the user named the parts one by one: then they are all there are.</summary>
    internal bool PartsAreAll { get; init; }

    internal string? ListedChecksumType { get; init; }

    /// <summary>True to compare the parts with the file once more, and to take for done only what the store proves.</summary>
    internal bool Verify { get; init; }
}
