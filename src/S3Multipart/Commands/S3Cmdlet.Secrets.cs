using S3Multipart.Core.Encryption;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Commands;

/// <summary>Where customer keys may go.</summary>
public abstract partial class S3Cmdlet
{
    /// <summary>The endpoints that a warning was written about.</summary>
    private readonly HashSet<string> _exposed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses to send secrets over plain http to another machine, unless -Force says that the network is safe.</summary>
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

        if (!_exposed.Add(connection.EndpointUrl!))
        {
            return;
        }

        WriteWarning($"Keys and data go to {connection.EndpointUrl} over plain http, where they can be read on the way.");
    }

    /// <summary>Adds the customer key to an upload that came without it, and refuses to send it over plain http.</summary>
    private protected void GiveKey(MultipartUpload upload, SseCustomerKey? key, bool force)
    {
        UploadState state = UploadState.Of(upload);
        state.TakeKey(upload, key);
        if (state.CustomerKey is not null)
        {
            DirectoryBucketRules.CheckCustomerKey(upload.Kind);
            CheckTransport(state.Connection!, force);
        }
    }
}
