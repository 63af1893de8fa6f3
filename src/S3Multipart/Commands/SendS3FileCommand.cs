using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Planning;
using S3Multipart.Core.Text;
using S3Multipart.Errors;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>Sends files and folders to S3, and of them only what S3 does not hold yet.</summary>
[Cmdlet(VerbsCommunications.Send, "S3File", DefaultParameterSetName = BucketDefaultSet, SupportsShouldProcess = true)]
[OutputType(typeof(CompletedUpload))]
public sealed partial class SendS3FileCommand : S3UploadCmdlet
{
    private FileTree? _files;
    private RunReport? _report;

    /// <summary>Files and folders to send; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>The bucket.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BucketNameCompleter))]
    public string? BucketName { get; set; }

    /// <summary>Text put before each key, such as images/.</summary>
    [Parameter(Position = 2)]
    public string? KeyPrefix { get; set; }

    /// <summary>A file or folder to send, its name taken as it is.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [PathTransformation]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The object's key, for one file: text, or for piped input a script block over the input.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    /// <summary>Sends what is in folders too, whose folders are kept in the keys.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>The names of the files to send, with wildcards; without it all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Include { get; set; }

    /// <summary>The names of files and folders to leave out, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Exclude { get; set; }

    /// <summary>Lets the wildcards of Path match hidden files and folders. Those in a folder that is sent are sent in any case.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Sends customer keys and KMS requests over plain http to another machine too, with a warning.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>Sends the MD5 of the bytes too (Content-MD5), for stores and object locks that ask for it.</summary>
    [Parameter]
    public SwitchParameter ContentMD5 { get; set; }

    /// <summary>Reads each file that was sent in parts once more before it is completed, and accepts only what the store proves.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Stops an upload of which a part failed, so that nothing of it is billed.</summary>
    [Parameter]
    [Alias("AbortOnError")]
    public SwitchParameter StopOnError { get; set; }

    /// <summary>
    /// The most bytes to send in a second, over all files: at least 1 KB, in bytes or with a unit (50MB), or a timetable of the day in
    /// local time: @{ '08:00' = '5MB'; '19:00' = 'unlimited' }.
    /// </summary>
    [Parameter]
    [BandwidthTransformation]
    public BandwidthLimit? MaxBandwidth { get; set; }

    /// <summary>A file to which one line of JSON is appended for each file that has ended.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Report { get; set; }

    private protected override bool AllowsPlainHttp => AllowUnencryptedAuthentication;

    private protected override RunLimits Limits => RunLimits.For(ThrottleLimit, MaxBandwidth);


    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            TakePositions();
            if (Path is not null && (LiteralPath is not null || MyInvocation.ExpectingInput))
            {
                throw ParameterFailure.PathAndLiteralPath();
            }

            if (Path is null && LiteralPath is null && !MyInvocation.ExpectingInput)
            {
                throw ParameterFailure.NoFileGiven();
            }

            if (BucketName is not null)
            {
                _ = BucketAddress.Parse(BucketName);
            }
            else if (!MyInvocation.ExpectingInput)
            {
                throw ParameterFailure.BucketNameMissing();
            }

            _report = Report is null || IsWhatIf ? null : RunReport.Open(FileArgument.Resolve(this, Report), _count.RunId);
        }
        catch (S3MultipartException e)
        {
            ThrowTerminatingFailure(e, e.ErrorId == nameof(ParameterFailure.ReportNotWritable) ? Report : null);
        }

        WarnOfBackslash(nameof(KeyPrefix), KeyPrefix);
        WarnOfBackslash(nameof(Key), Key);
        _files = new FileTree(this, FailAtOnce)
        {
            Recurse = Recurse,
            MatchesHidden = Force,
            Include = Patterns(Include),
            Exclude = Patterns(Exclude),
        };
        ShowProgress(isInputEnded: false);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ReadEncryptionInput();
        if (BucketName is null)
        {
            // Neither the line nor its inputs name one, so no other input would fare better.
            ThrowTerminatingFailure(ParameterFailure.BucketNameMissing());
        }

        IEnumerable<FoundFile> found = (LiteralPath ?? []).SelectMany(path => _files!.OfLiteralPath(path, MyInvocation.ExpectingInput))
            .Concat((Path ?? []).SelectMany(_files!.OfPath));
        foreach (FoundFile file in found)
        {
            Start(file);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Progress!.IsInputEnded = true;
        Drain();
        RunSummary summary = _count.End(Shared.NotTried, IsWhatIf);
        WriteNotTried();
        Unfinished.Clear();
        Progress.Close();

        // A host shows what has this tag, as it does with Write-Host; -InformationVariable takes the object.
        WriteInformation(summary, ["PSHOST"]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _report?.Dispose();
    }

    private static WildcardPattern[] Patterns(string[]? names) =>
        [.. (names ?? []).Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];

    /// <summary>Begins a file, if it can be sent at all, once there is room for it.</summary>
    private void Start(FoundFile found)
    {
        // Before and not after, so that the end of the input is known while the last file is being sent.
        AwaitRoom();
        string target = found.Path;
        try
        {
            FileStamp stamp = FileArgument.StampOfKnown(found.Path);
            PartPlan plan = PartPlan.For(stamp.Length, PartSize);
            BucketAddress bucket = BucketAddress.Parse(BucketName!);
            if (Key is not null && found.Folder is not null)
            {
                throw ParameterFailure.KeyForFolder(found.Folder);
            }

            string? key = Key is null ? null : KeyPrefix + Key;
            CreateInput input = InputOf(bucket, key, found.Path, KeyPrefix, found.Folder, stamp, plan) with { IsResume = true };
            S3Connection connection = Check(bucket, input);
            if (ContentMD5)
            {
                DirectoryBucketRules.CheckContentMD5(bucket.Type);
            }

            target = S3Uri.Of(input.BucketName, input.Key);
            if (!IsWhatIf && !ShouldChange(target, $"Send {found.Path}"))
            {
                return;
            }

            if (Shared.Skip(bucket.Name))
            {
                WriteReport(report => report.WriteNotTried(found.Path, input.BucketName, input.Key));
                return;
            }

            UploadProgress progress = Progress!.Begin(new UploadProgress(target, input.Key, plan.Length, () => null));
            FileSend send = new(found.Path, input, connection, ClientOf(connection), progress) { IsPut = IsPut(plan) };
            Run.Start(token => SendAsync(send, token));
        }
        catch (S3MultipartException e)
        {
            FailAtOnce(e, found.Path);
        }
    }

    /// <summary>Reports what fails before anything is requested for it.</summary>
    private void FailAtOnce(Exception failure, string path)
    {
        _count.AddFailure();
        WriteReport(report => report.Write(path, failure));
        WriteFailure(failure, path);
    }

    /// <summary>True for a file that is sent whole by one request: below the part size and 16 MiB, so that no try costs much.</summary>
    private bool IsPut(PartPlan plan) => plan.Length < Math.Min(plan.PartSize, PartPlan.DefaultPartSize + 1)
        && ChecksumType != ChecksumAlgorithms.Composite;
}
