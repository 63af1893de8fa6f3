using System.Text;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;

namespace S3Multipart;

/// <summary>What a run of Send-S3File did, or with -WhatIf what it would do.</summary>
public sealed class RunSummary
{
    internal RunSummary()
    {
    }

    /// <summary>The id of the run, which each line of its report has too.</summary>
    public required string RunId { get; init; }

    /// <summary>True for the plan of a run, with which nothing was changed.</summary>
    public bool IsPlan { get; init; }

    /// <summary>The number of files, whatever became of them: the sum of the five numbers that follow.</summary>
    public long Files => Uploaded + Resumed + Unchanged + Failed + NotTried;

    /// <summary>The files that were sent whole.</summary>
    public long Uploaded { get; init; }

    /// <summary>The files whose uploads were in progress and were completed.</summary>
    public long Resumed { get; init; }

    /// <summary>The files whose objects hold just their bytes already.</summary>
    public long Unchanged { get; init; }

    /// <summary>The files of which an error was written.</summary>
    public long Failed { get; init; }

    /// <summary>The files that were not tried, because what failed before holds for them as well.</summary>
    public long NotTried { get; init; }

    /// <summary>The bytes that were sent for the files that were sent or resumed.</summary>
    public long BytesSent { get; init; }

    /// <summary>The bytes that S3 held already, of parts and of unchanged objects.</summary>
    public long BytesReused { get; init; }

    /// <summary>The parts that were sent.</summary>
    public long Parts { get; init; }

    /// <summary>The requests to S3, with those that were sent again.</summary>
    public long Requests { get; init; }

    /// <summary>The requests that were sent again after a failure.</summary>
    public long Retries { get; init; }

    /// <summary>When the run began, in UTC.</summary>
    public DateTime Started { get; init; }

    /// <summary>How long the run took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The bytes that were sent, per second.</summary>
    public double BytesPerSecond => !IsPlan && Duration > TimeSpan.Zero ? BytesSent / Duration.TotalSeconds : 0;

    /// <summary>The summary as a line.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Failure.Invariant($"{Files:N0} {(Files == 1 ? "file" : "files")}: "));
        string requests = Failure.Invariant($"{Requests:N0} {(Requests == 1 ? "request" : "requests")}");
        string be = IsPlan ? "to be " : "";
        (long Count, string Outcome)[] outcomes =
        [
            (Uploaded, IsPlan ? "to upload" : "uploaded"), (Resumed, IsPlan ? "to resume" : "resumed"), (Unchanged, "unchanged"),
            (Failed, "failed"), (NotTried, "not tried"),
        ];
        _ = text.AppendJoin(", ", outcomes.Where(outcome => outcome.Count > 0)
            .Select(outcome => Failure.Invariant($"{outcome.Count:N0} {outcome.Outcome}")).DefaultIfEmpty("nothing to do"));
        string reused = BytesReused > 0 ? $", {ByteSize.Format(BytesReused)} already in S3" : "";
        _ = text.Append(BytesSent == 0 && !IsPlan ? "; nothing sent" : $"; {ByteSize.Format(BytesSent)} {be}sent");
        _ = IsPlan
            ? text.Append(Failure.Invariant($" in {Parts:N0} {(Parts == 1 ? "part" : "parts")}{reused}, {requests}"))
            : text.Append(" in ").Append(Seconds()).Append(BytesSent == 0 ? "" : $" ({ByteSize.Format(BytesPerSecond)}/s)")
                .Append(reused).Append(", ").Append(requests);
        _ = Retries > 0 ? text.Append(Failure.Invariant($", {Retries:N0} of them retries")) : text;
        return text.Append('.').ToString();
    }

    private string Seconds() => Duration.TotalMinutes < 2
        ? Failure.Invariant($"{Duration.TotalSeconds:0.0} s")
        : Failure.Invariant($"{(int)Duration.TotalHours}:{Duration.Minutes:00}:{Duration.Seconds:00}");
}
