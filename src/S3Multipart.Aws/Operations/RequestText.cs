using System.Globalization;
using S3Multipart.Core.Errors;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Operations;

/// <summary>How values are written into queries and headers.</summary>
internal static class RequestText
{
    internal static string QueryOf(UploadTarget target, int? partNumber = null) =>
        (partNumber is int number ? Failure.Invariant($"partNumber={number}&") : "") + "uploadId=" + Uri.EscapeDataString(target.UploadId);

    internal static string? TextOf(DateTime? time) => time?.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A query of the terms that have a value. They are given sorted by name, as they are signed.</summary>
    internal static string QueryOf(params (string Name, string? Value)[] terms) => string.Join('&', terms
        .Where(term => term.Value is not null).Select(term => $"{term.Name}={Uri.EscapeDataString(term.Value!)}"));
}
