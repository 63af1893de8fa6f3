using System.Runtime.CompilerServices;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Core.Engine;

/// <summary>
/// What this process knows of an upload beside what its object shows. It is attached to the object and lives as long as it: an upload
/// that is written to a file or sent to a job takes none of it along. Two objects for one upload have each their own connection and
/// customer key, and may share the state of the transfer.
/// </summary>
internal sealed class UploadState
{
    private static readonly ConditionalWeakTable<MultipartUpload, UploadState> s_states = [];

    /// <summary>The connection that the upload was created, listed or sent to over; null for one that came from elsewhere.</summary>
    internal S3Connection? Connection { get; init; }

    /// <summary>The customer key of the upload: from New in this process, or given again to a later cmdlet.</summary>
    internal SseCustomerKey? CustomerKey { get; set; }

    /// <summary>
    /// True when this process created the upload: it has no parts but those sent from here, and no checksum algorithm means none.
    /// </summary>
    internal bool IsNew { get; init; }

    /// <summary>
    /// True where S3 is known to require a digest with every part, as for an object with a lock: an MD5 where there is no other checksum.
    /// </summary>
    internal bool NeedsDigest { get; set; }

    /// <summary>The encryption that a resumed upload is expected to have; null where none was requested.</summary>
    internal EncryptionInput? RequestedEncryption { get; init; }

    /// <summary>True where other runs of the same line may send to the upload and complete it too.</summary>
    internal bool IsShared { get; init; }

    /// <summary>True where this process has compared the object with the file, so that it need not be requested again.</summary>
    internal bool IsCompared { get; init; }

    /// <summary>True for an upload that was found in one of several buckets, none of which the user has named.</summary>
    internal bool IsOfManyBuckets { get; set; }

    internal TransferState Transfer { get; init; } = new();

    internal static UploadState Of(MultipartUpload upload) => s_states.GetValue(upload, _ => new UploadState());

    /// <summary>The same upload, with the same transfer, over another connection.</summary>
    internal static MultipartUpload Over(MultipartUpload upload, S3Connection connection)
    {
        UploadState state = Of(upload);
        if (ReferenceEquals(connection, state.Connection))
        {
            return upload;
        }

        UploadState other = new()
        {
            Connection = connection,
            CustomerKey = state.CustomerKey,
            IsNew = state.IsNew,
            NeedsDigest = state.NeedsDigest,
            RequestedEncryption = state.RequestedEncryption,
            IsShared = state.IsShared,
            IsCompared = state.IsCompared,
            IsOfManyBuckets = state.IsOfManyBuckets,
            Transfer = state.Transfer,
        };
        return other.AttachTo(upload.At(connection.Region, connection.EndpointUrl, connection.ProfileName));
    }

    /// <summary>Takes a customer key that is given again. Refuses one that is known not to be that of the upload.</summary>
    internal void TakeKey(MultipartUpload upload, SseCustomerKey? key)
    {
        string? known = upload.SseCustomerKeyMD5 ?? (IsNew ? CustomerKey?.ToMD5Base64() : null);
        if (key is not null && known is not null && key.ToMD5Base64() != known)
        {
            throw InputFailure.CustomerKeyDiffers(upload.ToString(), known);
        }

        CustomerKey = key ?? CustomerKey;
    }

    /// <summary>Refuses parts without the customer key where the upload is known to have one.</summary>
    internal void RequireKey(MultipartUpload upload)
    {
        if (CustomerKey is null && (upload.Encryption == EncryptionInput.SseC || upload.SseCustomerKeyMD5 is not null))
        {
            throw InputFailure.CustomerKeyMissing(upload.ToString());
        }
    }

    /// <summary>Attaches a state to an upload that has none yet. A second object for the same upload may share it.</summary>
    internal MultipartUpload AttachTo(MultipartUpload upload)
    {
        s_states.Add(upload, this);
        return upload;
    }
}
