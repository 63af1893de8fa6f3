using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Encryption;
using S3Multipart.Inputs;
using S3Multipart.Isolation;
using S3Multipart.Names;
using S3Multipart.Pipeline;
using S3Multipart.Store;

namespace S3Multipart.Commands;

/// <summary>What all cmdlets of the module have in common: how to reach S3, stopping, and errors.</summary>
public abstract class S3Cmdlet : PSCmdlet, IDisposable
{
    private readonly Dictionary<Inherited, S3Connection> _connections = [];
    private bool _isVerbose;

    private protected S3Cmdlet() => Pipeline = new PipelineThread(OnTick);

    /// <summary>
    /// <para type="description">The name of a profile in the AWS credentials and config files. A name that is not there is an error.</para>
    /// </summary>
    [Parameter]
    [Alias("StoredCredentials", "AWSProfileName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? ProfileName { get; set; }

    /// <summary>
    /// <para type="description">The credentials file to look in. Default: the shared one of the AWS SDKs.</para>
    /// </summary>
    [Parameter]
    [Alias("AWSProfilesLocation", "ProfilesLocation")]
    [ValidateNotNullOrEmpty]
    public string? ProfileLocation { get; set; }

    /// <summary>
    /// <para type="description">An access key id; goes with SecretKey.</para>
    /// </summary>
    [Parameter]
    [Alias("AK")]
    [ValidateNotNullOrEmpty]
    public string? AccessKey { get; set; }

    /// <summary>
    /// <para type="description">The secret of AccessKey.</para>
    /// </summary>
    [Parameter]
    [Alias("SK", "SecretAccessKey")]
    [ValidateNotNullOrEmpty]
    public string? SecretKey { get; set; }

    /// <summary>
    /// <para type="description">The session token, where AccessKey and SecretKey are temporary.</para>
    /// </summary>
    [Parameter]
    [Alias("ST")]
    [ValidateNotNullOrEmpty]
    public string? SessionToken { get; set; }

    /// <summary>
    /// <para type="description">A PSCredential with the access key id and its secret, or what Get-AWSCredential of AWS Tools
    /// returns.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? Credential { get; set; }

    /// <summary>
    /// <para type="description">The Region, such as eu-central-1. Default: the session's, the profile's, the environment's, else
    /// us-east-1.</para>
    /// </summary>
    [Parameter]
    [RegionTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegionCompleter))]
    public string? Region { get; set; }

    /// <summary>
    /// <para type="description">The URL of an S3-compatible store, instead of Amazon S3's own endpoint. Turns path-style addresses
    /// on.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EndpointUrl { get; set; }

    /// <summary>
    /// <para type="description">Puts the bucket into the path and not into the host name. Default: on with EndpointUrl, else off.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter ForcePathStyleAddressing { get; set; }

    /// <summary>
    /// <para type="description">Uses S3 Transfer Acceleration, which the bucket must have enabled.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter UseAccelerateEndpoint { get; set; }

    /// <summary>
    /// <para type="description">Uses the endpoint with FIPS 140 validated cryptography.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter UseFipsEndpoint { get; set; }

    /// <summary>
    /// <para type="description">Uses the endpoint that has IPv6 too.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter UseDualstackEndpoint { get; set; }

    /// <summary>
    /// <para type="description">The account id that must own the bucket; S3 refuses with 403 if another does.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExpectedBucketOwner { get; set; }

    /// <summary>
    /// <para type="description">Says that the requester pays, as buckets with Requester Pays demand.</para>
    /// </summary>
    [Parameter]
    [ValidateSet("requester")]
    public string? RequestPayer { get; set; }

    /// <summary>
    /// <para type="description">WhenRequired sends no checksums, for stores that reject them. Default: as the environment and the profile
    /// say, else WhenSupported.</para>
    /// </summary>
    [Parameter]
    public ChecksumCalculation RequestChecksumCalculation { get; set; }

    /// <summary>
    /// <para type="description">Over plain http, sends the bytes of parts without the digest that signs them. Saves processor time, for
    /// networks that are trusted. Over https the digest is never sent.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter DisablePayloadSigning { get; set; }

    /// <summary>
    /// <para type="description">How often a request is sent again after a failure that may pass: a lost connection, silence, S3's 5xx and
    /// SlowDown. 0 to 100, default 8, with pauses that double up to 20 s. Given at the head of a pipeline it holds to its end.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxRetry { get; set; } = RequestLimits.Default.MaxRetry;

    /// <summary>
    /// <para type="description">The longest silence of a request: how long no byte may move on its connection, in seconds, with a unit (2m)
    /// or as a TimeSpan. Default 60 s. The answer to a part may take longer by the time of its bytes at 16 MiB/s. Given at the head of a
    /// pipeline it holds to its end.</para>
    /// </summary>
    [Parameter]
    [SilenceTransformation]
    public TimeSpan Timeout { get; set; } = RequestLimits.Default.Timeout;

    private protected PipelineThread Pipeline { get; }

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
        // Asked now and kept, because the session may be asked on the pipeline thread only.
        _isVerbose = MyInvocation.BoundParameters.TryGetValue("Verbose", out object? bound)
            ? ((SwitchParameter)bound).IsPresent
            : GetVariableValue("VerbosePreference") is not null and not ActionPreference.SilentlyContinue;
        if (AccessKey is null != SecretKey is null || (SessionToken is not null && AccessKey is null))
        {
            ThrowTerminatingFailure(ParameterFailure.KeysIncomplete());
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => Pipeline.Stop();

    /// <summary>Called on the pipeline thread whenever it has woken.</summary>
    private protected virtual void OnTick()
    {
    }

    /// <summary>A connection that no input brings anything to.</summary>
    private protected S3Connection ConnectionFor(BucketAddress bucket)
    {
        S3Connection connection = Find(default);
        DirectoryBucketRules.Check(bucket, connection);
        return connection;
    }

    /// <summary>
    /// The upload as this cmdlet reaches it: over the connection that came with it, or over one that differs in what the parameters say.
    /// What is sent to it, and who continues with that, has the same connection.
    /// </summary>
    private protected MultipartUpload Reach(MultipartUpload upload)
    {
        S3Connection connection = Find(Inherited.From(upload));
        DirectoryBucketRules.Check(BucketAddress.Parse(upload.BucketName), connection);
        return upload.Over(connection);
    }

    /// <summary>What the parameters and the session say of how to reach S3.</summary>
    private protected ConnectionSettings ReadSettings(ConnectionSettings? inherited = null)
    {
        ConnectionSettings given = ConnectionParameters.Read(this);

        // Asked for only where it counts, because AWS Tools may have to ask the user something.
        ConnectionSettings session = given.HasCredentials || inherited is { HasCredentials: true }
            ? new ConnectionSettings { SessionRegion = ConnectionParameters.SessionRegion(this) }
            : ConnectionParameters.ReadSession(this);
        return ConnectionMerge.Merge(given, inherited, session);
    }

    private S3Connection Find(Inherited inherited)
    {
        bool isTold = ConnectionParameters.AreGiven(this);
        if (inherited.Live is { } live && !isTold)
        {
            return ConnectionParameters.AreLimitsGiven(this) ? live.Within(ConnectionParameters.Read(this)) : live;
        }

        if (!_connections.TryGetValue(inherited, out S3Connection? connection))
        {
            connection = Connect(inherited, isTold || inherited == default);
            _connections.Add(inherited, connection);
        }

        return connection;
    }

    private S3Connection Connect(Inherited inherited, bool isForAll)
    {
        try
        {
            return ObjectStoreFactory.Instance.Connect(ReadSettings(inherited.Settings));
        }
        catch (S3MultipartException e) when (isForAll)
        {
            // It rests on nothing that an input brings, so no other input would fare better.
            ThrowTerminatingFailure(e);
            throw;
        }
    }

    /// <summary>
    /// The connection's store with the number of retries that were asked for. Each try of a request is told on the verbose stream where
    /// that is shown.
    /// </summary>
    private protected IObjectStore StoreOf(S3Connection connection)
    {
        int maxRetry = connection.Settings.Limits.MaxRetry;
        return _isVerbose
            ? new RetryingObjectStore(new LoggingObjectStore(connection.Store, Log), maxRetry, connection.Pace, Log)
            : new RetryingObjectStore(connection.Store, maxRetry, connection.Pace, _ => { });

        void Log(string line) => Pipeline.Post(() => WriteVerbose(PlainText.Line(line)));
    }

    /// <summary>Refuses to send secrets over a wire that anybody can read, unless told that the network is safe.</summary>
    private protected void CheckTransport(S3Connection connection, bool force)
    {
        if (!TransportRule.IsExposed(connection.EndpointUrl))
        {
            return;
        }

        if (!force)
        {
            throw InputFailure.PlainHttpRefused();
        }

        WriteWarning($"Keys and data go to {connection.EndpointUrl} over plain http, where they can be read on the way.");
    }

    /// <summary>Gives an upload that came without its customer key the key again, and refuses to send it where it must not go.</summary>
    private protected void GiveKey(MultipartUpload upload, SseCustomerKey? key, bool force)
    {
        upload.CustomerKey = key ?? upload.CustomerKey;
        if (upload.CustomerKey is not null)
        {
            DirectoryBucketRules.CheckCustomerKey(upload.Kind);
            CheckTransport(upload.Connection!, force);
        }
    }

    private protected virtual void WriteFailure(Exception failure, object? target) => WriteError(ErrorRecordFactory.Make(failure, target));

    private protected void ThrowTerminatingFailure(Exception failure, object? target = null) =>
        ThrowTerminatingError(ErrorRecordFactory.Make(failure, target));

    /// <summary>True when asked, with -Force standing for yes but not for -WhatIf.</summary>
    private protected bool ShouldChange(string target, string action, bool force = false)
    {
        bool isWhatIf = MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? bound)
            ? ((SwitchParameter)bound).IsPresent
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
        return (force && !isWhatIf) || ShouldProcess(target, action);
    }
}
