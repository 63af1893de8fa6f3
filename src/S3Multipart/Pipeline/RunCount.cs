using System.Diagnostics;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Objects;

namespace S3Multipart.Pipeline;

/// <summary>Adds up a run. All but the requests is used on the pipeline thread only.</summary>
internal sealed class RunCount(RequestMonitor requests)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly DateTime _started = DateTime.UtcNow;
    private readonly Dictionary<string, long> _files = new(StringComparer.Ordinal);
    private long _failed;
    private long _sent;
    private long _reused;
    private long _parts;
    private long _plannedRequests;

    internal string RunId { get; } = Guid.NewGuid().ToString("N");

    /// <param name="completed">The object.</param>
    /// <param name="reusedParts">How many of its parts S3 held already.</param>
    internal void Add(CompletedUpload completed, int reusedParts) => Add(
        completed.Outcome, completed.BytesSent ?? 0, completed.BytesReused ?? 0,
        completed.Outcome == UploadOutcome.Unchanged ? 0 : completed.PartCount - reusedParts);

    internal void Add(SendPlan plan)
    {
        Add(plan.Outcome, plan.BytesSent, plan.BytesReused, plan.PartCount);
        _plannedRequests += plan.Requests;
    }

    internal void AddFailure() => _failed++;

    internal RunSummary End(long notTried, bool isPlan) => new()
    {
        RunId = RunId,
        IsPlan = isPlan,
        Uploaded = _files.GetValueOrDefault(UploadOutcome.Uploaded),
        Resumed = _files.GetValueOrDefault(UploadOutcome.Resumed),
        Unchanged = _files.GetValueOrDefault(UploadOutcome.Unchanged),
        Failed = _failed,
        NotTried = notTried,
        BytesSent = _sent,
        BytesReused = _reused,
        Parts = _parts,
        Requests = requests.Requests + _plannedRequests,
        Retries = requests.Retries,
        Started = _started,
        Duration = Stopwatch.GetElapsedTime(_began),
    };

    private void Add(string outcome, long sent, long reused, long parts)
    {
        _files[outcome] = _files.GetValueOrDefault(outcome) + 1;
        _sent += sent;
        _reused += reused;
        _parts += parts;
    }
}
