using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Completers;
using S3Multipart.Connections;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Errors;
using S3Multipart.Isolation;
using S3Multipart.Pipeline;

namespace S3Multipart.Commands;

/// <summary>What all cmdlets of the module have in common: how to reach S3, stopping, and errors.</summary>
public abstract partial class S3Cmdlet : PSCmdlet, IConnectionArguments, IDisposable
{
    private readonly Dictionary<Inherited, S3Connection> _connections = [];
    private readonly StallWarning _stall;
    private bool _isVerbose;
    private bool? _isWhatIf;

    private protected S3Cmdlet()
    {
        Pipeline = new PipelineThread(OnTick);
        _stall = new StallWarning(Requests);
    }

    /// <summary>The name of a profile in the AWS credentials and config files.</summary>
    [Parameter]
    [Alias("StoredCredentials", "AWSProfileName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? ProfileName { get; set; }

    /// <summary>The credentials file to read.</summary>
    [Parameter]
    [Alias("AWSProfilesLocation", "ProfilesLocation")]
    [ValidateNotNullOrEmpty]
    public string? ProfileLocation { get; set; }

    /// <summary>An access key id; goes with SecretKey.</summary>
    [Parameter]
    [Alias("AK")]
    [ValidateNotNullOrEmpty]
    public string? AccessKey { get; set; }

    /// <summary>The secret of AccessKey.</summary>
    [Parameter]
    [Alias("SK", "SecretAccessKey")]
    [ValidateNotNullOrEmpty]
    public string? SecretKey { get; set; }

    /// <summary>The session token, where AccessKey and SecretKey are temporary.</summary>
    [Parameter]
    [Alias("ST")]
    [ValidateNotNullOrEmpty]
    public string? SessionToken { get; set; }

    /// <summary>A PSCredential with the access key id and its secret, or what Get-AWSCredential of AWS Tools returns.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Credential { get; set; }

    /// <summary>The Region, such as eu-central-1.</summary>
    [Parameter]
    [RegionTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegionCompleter))]
    public string? Region { get; set; }

    /// <summary>The URL of an S3-compatible store, instead of Amazon S3's own endpoint.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EndpointUrl { get; set; }

    /// <summary>Puts the bucket into the path and not into the host name.</summary>
    [Parameter]
    public SwitchParameter ForcePathStyleAddressing { get; set; }

    /// <summary>Uses S3 Transfer Acceleration, which the bucket must have enabled.</summary>
    [Parameter]
    public SwitchParameter UseAccelerateEndpoint { get; set; }

    /// <summary>Uses the endpoint with FIPS 140 validated cryptography.</summary>
    [Parameter]
    public SwitchParameter UseFipsEndpoint { get; set; }

    /// <summary>Uses the endpoint that has IPv6 too.</summary>
    [Parameter]
    public SwitchParameter UseDualstackEndpoint { get; set; }

    /// <summary>The account id that must own the bucket; S3 refuses with 403 if another does.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExpectedBucketOwner { get; set; }

    /// <summary>Says that the requester pays, as buckets with Requester Pays require.</summary>
    [Parameter]
    [ValidateSet("requester")]
    public string? RequestPayer { get; set; }

    /// <summary>WhenRequired sends no checksums, for stores that reject them.</summary>
    [Parameter]
    public ChecksumCalculation RequestChecksumCalculation { get; set; }

    /// <summary>Over plain http, sends the bytes of parts without the digest that signs them.</summary>
    [Parameter]
    public SwitchParameter DisablePayloadSigning { get; set; }

    /// <summary>
    /// How often a request is sent again after a failure that may pass: a lost connection, an idle timeout, S3's 5xx and SlowDown. 0 to
    /// 100, default 8, with pauses that double up to 20 s.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxRetry { get; set; } = RequestLimits.Default.MaxRetry;

    /// <summary>
    /// The idle timeout of a request: how long no byte may move on its connection, in seconds, with a unit (2m) or as a TimeSpan.
    /// </summary>
    [Parameter]
    [IdleTimeoutTransformation]
    public TimeSpan Timeout { get; set; } = RequestLimits.Default.Timeout;

    /// <summary>
    /// Accepts any certificate of the endpoint, with a warning. For trying out: anybody on the way can then read and change what is sent.
    /// </summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    private protected PipelineThread Pipeline { get; }

    /// <summary>The requests of the cmdlet.</summary>
    private protected RequestMonitor Requests { get; } = new();

    /// <summary>True where nothing is to be changed, but only described.</summary>
    private protected bool IsWhatIf => _isWhatIf ??= MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? bound)
        ? ((SwitchParameter)bound).IsPresent
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>True while requests of the cmdlet are under way.</summary>
    private protected virtual bool IsBusy => false;

    private protected CancellationToken StopToken => Pipeline.StopToken;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what still runs; the engine calls it however the pipeline ended.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
        // Reached with work in flight only if the pipeline was stopped: by the user, by an error, or by a command further down.
        Pipeline.Stop();
        Pipeline.AwaitQuietly(() => IsBusy);
        Pipeline.Dispose();
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Read now and kept, because the session may be read on the pipeline thread only.
        _isVerbose = MyInvocation.BoundParameters.TryGetValue("Verbose", out object? bound)
            ? ((SwitchParameter)bound).IsPresent
            : GetVariableValue("VerbosePreference") is not null and not ActionPreference.SilentlyContinue;
        if (AccessKey is null != SecretKey is null || (SessionToken is not null && AccessKey is null))
        {
            ThrowTerminatingFailure(ParameterFailure.KeysIncomplete());
        }

        if (SkipCertificateCheck)
        {
            WriteWarning("No certificate is checked: anybody on the way to the store can read and change what is sent, customer keys "
                + "included.");
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => Pipeline.Stop();

    bool IConnectionArguments.IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    object? IConnectionArguments.VariableOf(string name) => GetVariableValue(name);

    string IConnectionArguments.PathOf(string path) => GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>Called on the pipeline thread whenever it has woken.</summary>
    private protected virtual void OnTick()
    {
        if (_stall.Take() is { } warning)
        {
            WriteWarning(warning);
        }
    }

    /// <summary>The connection of the parameters and the session, which may be for buckets that are not known yet.</summary>
    private protected S3Connection OwnConnection => Find(default);

    /// <summary>A connection made of the parameters and the session alone.</summary>
    private protected S3Connection ConnectionFor(BucketAddress bucket)
    {
        S3Connection connection = Find(default);
        Check(bucket, connection);
        return connection;
    }

    /// <summary>
    /// The upload as this cmdlet reaches it: over the connection that came with it, or over one that differs in what the parameters say.
    /// Its parts, and what is emitted, have the same connection.
    /// </summary>
    private protected MultipartUpload Reach(MultipartUpload upload)
    {
        S3Connection connection = Find(Inherited.From(upload));
        Check(BucketAddress.Parse(upload.BucketName), connection);
        return UploadState.Over(upload, connection);
    }

    private static void Check(BucketAddress bucket, S3Connection connection) => DirectoryBucketRules.Check(
        bucket, connection.Settings, connection.Region, connection.IsRegionGuessed && connection.EndpointUrl is null);

    private S3Connection Find(Inherited inherited)
    {
        bool isGiven = ConnectionParameters.AreGiven(this);
        if (inherited.Live is { } live && !isGiven)
        {
            return ConnectionParameters.AreLimitsGiven(this) ? live.Within(ConnectionParameters.Read(this)) : live;
        }

        if (!_connections.TryGetValue(inherited, out S3Connection? connection))
        {
            connection = Connect(inherited, isGiven || inherited == default);
            _connections.Add(inherited, connection);
        }

        return connection;
    }

    private S3Connection Connect(Inherited inherited, bool isForAll)
    {
        try
        {
            return EngineLoader.Engine.Connect(ConnectionParameters.ReadAll(this, inherited.Settings));
        }
        catch (S3MultipartException e) when (isForAll)
        {
            // It does not depend on an input, so every other input would fail too.
            ThrowTerminatingFailure(e);
            throw;
        }
    }

    /// <summary>
    /// The operations over a connection, within its limits. Each request is logged on the verbose stream where that is shown, and what a
    /// store turns out to refuse is a warning.
    /// </summary>
    private protected IUploadClient ClientOf(S3Connection connection) => connection.ClientWith(
        _isVerbose ? Log : null, Warn, Requests);

    /// <summary>Writes a warning, from any thread.</summary>
    private protected void Warn(string text) => Pipeline.Post(() => WriteWarning(PlainText.Line(text)));

    /// <summary>Writes to the verbose stream where it is shown, from any thread.</summary>
    private protected void Log(string text)
    {
        if (_isVerbose)
        {
            Pipeline.Post(() => WriteVerbose(PlainText.Line(text)));
        }
    }

    private protected IUploadClient ClientOf(MultipartUpload reached) => ClientOf(UploadState.Of(reached).Connection!);

    private protected virtual void WriteFailure(Exception failure, object? target) => WriteError(ErrorRecordFactory.Make(failure, target));

    private protected void ThrowTerminatingFailure(Exception failure, object? target = null) =>
        ThrowTerminatingError(ErrorRecordFactory.Make(failure, target ?? NamedTarget()));

    /// <summary>True when confirmed, with -Force standing for yes but not for -WhatIf.</summary>
    private protected bool ShouldChange(string target, string action, bool force = false) =>
        (force && !IsWhatIf) || ShouldProcess(target, action);
}
