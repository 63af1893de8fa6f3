using System.Collections.ObjectModel;
using S3Multipart.Core.Errors;

namespace S3Multipart.Core.Objects;

/// <summary>The parts of an upload, with a text form that is of use in a cell of a table.</summary>
internal sealed class PartCollection(IReadOnlyList<UploadPart> parts) : ReadOnlyCollection<UploadPart>([.. parts])
{
    public override string ToString() => Failure.Invariant($"{Count} {(Count == 1 ? "part" : "parts")}");
}
