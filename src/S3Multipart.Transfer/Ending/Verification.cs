using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Sources;

namespace S3Multipart.Transfer.Ending;

/// <summary>
/// Reads a file once more and compares it with what S3 says it holds: for stores that compute no checksums of their own, and for those who
/// trust neither the first reading nor the network.
/// </summary>
internal static class Verification
{
    /// <summary>Fails unless each part is known to hold just the file's bytes.</summary>
    internal static async Task CheckPartsAsync(MultipartUpload upload, IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken)
    {
        string path = UploadState.Of(upload).Transfer.Path ?? upload.LiteralPath ?? throw Failure.VerifyNeedsFile(upload.ToString());
        using FileSource file = FileSource.Open(path);
        long offset = 0;
        foreach (StoredPart part in parts)
        {
            if ((part.Checksum ?? part.MD5) is null)
            {
                throw Failure.VerifyImpossible(upload.ToString(), part.PartNumber);
            }

            if (offset + part.Size > file.Length
                || !await ExistingParts.IsSameAsync(file.Slice(part.PartNumber, offset, part.Size), part, cancellationToken))
            {
                throw Failure.VerifyDiffers(upload.ToString(), path, part.PartNumber);
            }

            file.CheckUnchanged(part.PartNumber);
            offset += part.Size;
        }

        if (offset != file.Length)
        {
            throw Failure.SizeMismatch(upload.ToString(), file.Length, offset);
        }
    }
}
