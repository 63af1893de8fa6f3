using System.Diagnostics;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Objects;
using S3Multipart.Transfer.Checksums;
using S3Multipart.Transfer.Retries;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Ending;

/// <summary>
/// Completes an upload, and only one whose parts are all there; sends the object's checksum, and has the response proven.
/// </summary>
internal static class Completion
{
    internal static async Task<CompletedUpload> RunAsync(
        IObjectStore store, MultipartUpload upload, IEnumerable<StoredPart> parts, CompletionOptions options,
        CancellationToken cancellationToken)
    {
        TransferState state = UploadState.Of(upload).Transfer;
        List<StoredPart> ordered = [.. parts.OrderBy(part => part.PartNumber)];
        long size = ordered.Sum(part => part.Size);
        state.CompletedBytes = size;
        CheckWhole(upload, ordered, options);
        if (options.Verify)
        {
            await Verification.CheckPartsAsync(upload, ordered, cancellationToken);
        }

        string? algorithm = ordered.All(part => part.KnownChecksum is not null && part.ChecksumAlgorithm == ordered[0].ChecksumAlgorithm)
            ? ordered[0].ChecksumAlgorithm
            : null;
        string? type = algorithm is null ? null : upload.ChecksumType ?? options.ListedChecksumType;
        string? checksum = algorithm is null
            ? null : WholeChecksum.Of(algorithm, type, [.. ordered.Select(part => (part.KnownChecksum!, part.Size))]);
        CompleteInput input = new()
        {
            Target = UploadTarget.Of(upload),
            Parts = ordered,
            Size = size,
            ChecksumAlgorithm = algorithm,
            ChecksumType = type,
            Checksum = type == ChecksumAlgorithms.FullObject ? checksum : null,
            IfMatch = options.IfMatch,
            IfNoneMatch = options.IfNoneMatch,
        };
        if (options.ChecksFirst)
        {
            await Precondition.CheckAsync(store, input, cancellationToken);
        }

        state.IsCompleting = true;
        CompletedObject response = await store.CompleteMultipartUploadAsync(input, cancellationToken);
        state.IsCompleted = true;
        CompletedObject completed = await new CompletionProof(input).ProveAsync(store, response, options.Verify, cancellationToken);
        TimeSpan? duration = upload.LiteralPath is null && state.PartCount is null
            ? null : Stopwatch.GetElapsedTime(state.Started);
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
            Outcome = upload.Resumed || state.ReusedBytes > 0 ? UploadOutcome.Resumed : UploadOutcome.Uploaded,
            BytesSent = state.HasBegun ? SentOf(state, size) : null,
            BytesReused = state.HasBegun ? state.ReusedBytes : null,
            Duration = duration,
            BytesPerSecond = duration is { TotalSeconds: > 0 } ? (size - state.ReusedBytes) / duration.Value.TotalSeconds : null,
            LiteralPath = upload.LiteralPath,
        };
    }

    /// <summary>What S3 copied by itself was not sent.</summary>
    private static long SentOf(TransferState state, long size) => state.Source is PartSource.Copy ? 0 : size - state.ReusedBytes;

    /// <summary>
    /// Parts are complete when they are numbered from 1 without gaps and are known to be all: from the plan, from the size
    /// given, or because the last part is shorter than the others, which only a last part can be.
    /// </summary>
    private static void CheckWhole(MultipartUpload upload, List<StoredPart> ordered, CompletionOptions options)
    {
        string name = upload.ToString();
        TransferState state = UploadState.Of(upload).Transfer;
        if (state.Failure is { } failure)
        {
            throw state.IsGone
                ? Failure.UploadGone(name, failure.Message)
                : Failure.UploadIncomplete(name, "a part of it failed: " + failure.Message);
        }

        if (state.IsOpen)
        {
            throw Failure.UploadIncomplete(name, "the end of its input was not reached.");
        }

        int? expected = state.PartCount ?? options.PartCount;
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
        long? wanted = options.ObjectSize ?? upload.Length;
        if (wanted is not null && wanted != size)
        {
            throw Failure.SizeMismatch(name, wanted.Value, size);
        }

        bool isKnown = wanted is not null || expected is not null || options.PartsAreAll || ordered[^1].Size < ordered[0].Size;
        if (!isKnown)
        {
            throw Failure.UploadSizeUnknown(name);
        }
    }
}
