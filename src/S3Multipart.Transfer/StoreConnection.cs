using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Retries;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer;

/// <summary>A connection with the store behind it.</summary>
/// <param name="StoreWith">Makes the store with an idle timeout, and with what takes its warnings.</param>
internal sealed record StoreConnection(Func<TimeSpan, Action<string>, IObjectStore> StoreWith) : S3Connection
{
    /// <summary>The limiter of all requests over this connection, whichever cmdlet makes them.</summary>
    private readonly RequestLimiter _limiter = new();

    internal override IUploadClient ClientWith(Action<string>? log, Action<string>? warn, RequestMonitor? monitor)
    {
        RequestLimits limits = Settings.Limits;
        IObjectStore store = StoreWith(limits.Timeout, warn ?? (_ => { }));
        return new UploadClient(
            this,
            new RetryingObjectStore(
                log is null ? store : new LoggingObjectStore(store, log), limits.MaxRetry, _limiter, log ?? (_ => { }),
                monitor));
    }
}
