using System.Diagnostics;
using System.Management.Automation;
using S3Multipart.Completers;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Text;
using S3Multipart.Formatting;

namespace S3Multipart.Pipeline;

/// <summary>
/// Shows a run as a bar of its own and one below it for each upload in flight, as many as the console has lines for; and says on the
/// verbose stream how each upload's sending ended, for hosts that show no bars. All but the counts is used on the pipeline thread only.
/// </summary>
internal sealed class TransferProgress(Cmdlet cmdlet, RequestMonitor requests, int consoleHeight, Func<string, int> measure)
{
    private const string Activity = "Uploading to S3";

    /// <summary>A longer name would leave nothing of its bar.</summary>
    private const int MostCells = 40;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private static int s_activities;

    private readonly int _activity = Interlocked.Increment(ref s_activities);
    // The console gives a third of its lines to progress, five at least; one of them is the run's.
    private readonly int _mostBars = Math.Max(5, consoleHeight / 3) - 1;
    private readonly List<Entry> _open = [];
    private readonly TransferRate _rate = new();
    private long _lastShown = Stopwatch.GetTimestamp();
    private long _movedByEnded;
    private long _doneByEnded;
    private int _stored;
    private int _failed;
    private bool _wasShown;

    /// <summary>True when no more uploads will come, so that there is a whole to be a percentage of.</summary>
    internal bool IsInputEnded { get; set; }

    internal UploadProgress Begin(MultipartUpload upload, long? length, int? partCount) => Begin(
        new UploadProgress(upload.ToString(), upload.Key, length, () => partCount ?? UploadState.Of(upload).Transfer.PartCount));

    internal UploadProgress Begin(UploadProgress count)
    {
        _open.Add(new Entry(count, Cells.ForBar(Cells.CutMiddle(PlainText.Of(count.Key), MostCells, measure), measure)));
        return count;
    }

    /// <summary>Shows the bars, unless they were shown a moment ago.</summary>
    internal void Show()
    {
        if (_open.Count == 0 || Stopwatch.GetElapsedTime(_lastShown) < s_interval)
        {
            return;
        }

        _lastShown = Stopwatch.GetTimestamp();
        ShowRun();
        ShowUploads();
    }

    /// <summary>Takes all bars away, and says how the rest ended.</summary>
    internal void Close()
    {
        foreach (Entry entry in _open)
        {
            End(entry);
        }

        _open.Clear();
        if (_wasShown)
        {
            _wasShown = false;
            cmdlet.WriteProgress(new ProgressRecord(_activity, Activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private void ShowRun()
    {
        long moved = _movedByEnded;
        long done = _doneByEnded;
        int stored = _stored;
        int failed = _failed;
        long? whole = _doneByEnded;
        foreach (Entry entry in _open)
        {
            moved += entry.Count.Moved;
            done += entry.Count.Done;
            whole += entry.Count.Length;
            failed += entry.Count.HasFailed ? 1 : 0;
            stored += entry.Count.IsEnded && !entry.Count.HasFailed ? 1 : 0;
        }

        whole = IsInputEnded ? whole : null;
        double rate = _rate.Add(moved);
        int all = _stored + _failed + _open.Count;
        string files = IsInputEnded ? $"{stored} of {all} done" : $"{stored} done, {all - stored - failed} under way";
        string missed = failed > 0 ? $", {failed} failed" : "";
        string of = whole is long bytes ? $" of {ByteSize.Format(bytes)}" : "";
        string retry = requests.RetryText is { } text ? $"{text}; " : "";
        ProgressRecord record = new(_activity, Activity, $"{retry}{files}{missed}, {ByteSize.Format(done)}{of}, {ByteSize.Format(rate)}/s");
        if (whole is long total)
        {
            record.PercentComplete = Percent(done, total);
            record.SecondsRemaining = rate > 0 ? (int)Math.Min((total - done) / rate, int.MaxValue) : -1;
        }

        _wasShown = true;
        cmdlet.WriteProgress(record);
    }

    private void ShowUploads()
    {
        foreach (Entry entry in _open.Where(entry => entry.Count.IsEnded).ToArray())
        {
            End(entry);
            _ = _open.Remove(entry);
        }

        int free = _mostBars - _open.Count(entry => entry.Activity is not null);
        foreach (Entry entry in _open)
        {
            long done = entry.Count.Done;
            if (entry.Activity is null)
            {
                if (free == 0 || done == 0)
                {
                    continue;
                }

                free--;
                entry.Activity = Interlocked.Increment(ref s_activities);
            }
            else if (entry.Shown == done)
            {
                continue;
            }

            entry.Shown = done;
            long? length = entry.Count.Length;
            string of = length is long bytes ? $" of {ByteSize.Format(bytes)}" : "";
            cmdlet.WriteProgress(new ProgressRecord(entry.Activity.Value, entry.Name, ByteSize.Format(done) + of)
            {
                ParentActivityId = _activity,
                PercentComplete = length is long total ? Percent(done, total) : -1,
            });
        }
    }

    private void End(Entry entry)
    {
        UploadProgress count = entry.Count;
        _movedByEnded += count.Moved;
        _doneByEnded += count.Done;
        _stored += count.HasFailed ? 0 : 1;
        _failed += count.HasFailed ? 1 : 0;
        double seconds = Math.Max(entry.Seconds, 0.001);
        string how = count.HasFailed ? "failed" : count.IsEnded ? "sent" : "ended";
        cmdlet.WriteVerbose(
            Failure.Invariant($"{count.Target}: {how} after {seconds:0.0} s, {Count.Of(count.Parts, "part")} stored, ")
            + $"{ByteSize.Format(count.Done)}, {ByteSize.Format(count.Moved / seconds)}/s");
        if (entry.Activity is int activity)
        {
            entry.Activity = null;
            cmdlet.WriteProgress(new ProgressRecord(activity, entry.Name, "Done")
            {
                ParentActivityId = _activity,
                RecordType = ProgressRecordType.Completed,
            });
        }
    }

    private static int Percent(long done, long whole) => whole > 0 ? (int)Math.Clamp(100.0 * done / whole, 0, 100) : 100;

    /// <summary>An upload that has not ended, and its bar where it has one.</summary>
    private sealed class Entry(UploadProgress count, string name)
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        internal UploadProgress Count => count;

        /// <summary>The key, as far as there is room, and without what would move the cursor.</summary>
        internal string Name => name;

        internal double Seconds => Stopwatch.GetElapsedTime(_began).TotalSeconds;

        internal int? Activity { get; set; }

        /// <summary>The bytes that its bar shows.</summary>
        internal long Shown { get; set; }
    }
}
