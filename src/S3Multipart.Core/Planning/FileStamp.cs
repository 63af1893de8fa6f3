using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;

namespace S3Multipart.Core.Planning;

/// <summary>What distinguishes one state of a file from another without reading it.</summary>
/// <param name="Length">Its size in bytes.</param>
/// <param name="LastWriteTime">When it was last written, in UTC.</param>
/// <param name="ChangeTime">When anything of it was last changed, in UTC, where the system gives it.</param>
internal readonly record struct FileStamp(long Length, DateTime LastWriteTime, DateTime? ChangeTime)
{
    /// <summary>How the file differs from this state; null where it does not.</summary>
    internal string? DifferenceTo(FileStamp? now) => now is not { } found ? "it is gone"
        : found.Length != Length ? Failure.Invariant($"it had {Count.Of(Length, "byte")} and has {found.Length:N0} now")
        : !IsSame(LastWriteTime, found.LastWriteTime)
            ? Failure.Invariant($"it was written later, at {found.LastWriteTime:HH:mm:ss} UTC")
        : ChangeTime is { } change && found.ChangeTime is { } changed && !IsSame(change, changed)
            ? Failure.Invariant($"it was changed later, at {changed:HH:mm:ss} UTC, ")
                + "though its size and the time of its last write are as before"
        : null;

    /// <summary>A time without a fraction of a second may have lost it in a text form, as in the row of a table.</summary>
    private static bool IsSame(DateTime before, DateTime now) =>
        before == now || (before.Ticks % TimeSpan.TicksPerSecond == 0 && before == now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
}
